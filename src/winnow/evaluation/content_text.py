"""What a report says of content: who has it, and what is lost without."""

from collections.abc import Iterator

from winnow.evaluation.markdown_table import interval, markdown_table
from winnow.evaluation.missing_content import ALL_CONTENT
from winnow.evaluation.report import ContentCount, ContentRow, Report

SHARES = {1.0: "all keep it", 0.5: "half of them", 0.0: "none"}


def content_text(report: Report) -> Iterator[str]:
    """Two tables at most; nothing where items have no content."""
    if report.content_counts:
        yield "## Content of items\n"
        table = [[each.feature, f"{each.items:,}", f"{each.share:.1%}", _made(each)] for each in report.content_counts]
        yield from markdown_table(["content", "items that have it", "of the catalogue", "made by"], table)
    if report.content:
        first = report.content[0]
        yield f"\nWinnow if fewer items had it, and the change ({first.users:,} users, seen items {first.seen}):\n"
        yield from _lost(report)


def _made(count: ContentCount) -> str:
    if count.explained is None:
        return f"the shop, {count.width} numbers" if count.width else ""
    return f"{count.encoder}, {count.width} numbers that explain {count.explained:.0%}"


def _lost(report: Report) -> Iterator[str]:
    cells = {(row.feature, row.metric, row.k, row.share): _cell(row) for row in report.content}
    kinds = dict.fromkeys((row.feature, row.metric, row.k) for row in report.content)
    table = [
        [_name(feature), f"{metric}@{k}", *(cells.get((feature, metric, k, share), "") for share in SHARES)]
        for feature, metric, k in kinds
    ]
    yield from markdown_table(["content", "metric", *SHARES.values()], table)


def _name(feature: str) -> str:
    return "all together" if feature == ALL_CONTENT else feature


def _cell(row: ContentRow) -> str:
    if row.share == 1:
        return f"{row.value:.3f} {interval(row.low, row.high)}"
    return f"{row.value:.3f}, {row.change:+.3f} {interval(row.change_low, row.change_high, sign='+')}"
