"""What a report says of new items: how many are wanted, and how well they are found."""

from collections.abc import Iterator

from winnow.evaluation.markdown_table import figure, interval, markdown_table
from winnow.evaluation.report import Report, SeenMode, UserCount
from winnow.evaluation.setting import NEW_ITEM_RECALL
from winnow.evaluation.slice import ALL, KNOWN_ITEMS, NEW_ITEMS


def new_items_text(report: Report, seen: SeenMode) -> Iterator[str]:
    """A table beside known items, a sentence where nobody wants any, nothing for a report that does not tell."""
    counts = {each.slice: each for each in report.users if each.seen == seen}
    if NEW_ITEMS not in counts:
        return
    if not counts[NEW_ITEMS].users:
        yield "\nNobody wants a new item: all right answers had an event in the training time."
        return
    yield from _head(counts[NEW_ITEMS], counts[ALL])
    yield from _found(report, seen)


def _head(new: UserCount, everything: UserCount) -> Iterator[str]:
    metric, k = NEW_ITEM_RECALL
    yield "\nNew items had no event in the training time. They are"
    yield f"{new.relevant:,} of {everything.relevant:,} right answers, for {new.users:,} of {everything.users:,} users."
    yield f"{metric}@{k} where only new, or only known, items count:\n"


def _found(report: Report, seen: SeenMode) -> Iterator[str]:
    rows = [row for row in report.rows if (row.seen, (row.metric, row.k)) == (seen, NEW_ITEM_RECALL)]
    cells = {(row.model, row.slice): figure(row) for row in rows}
    minus = {
        each.model: f"{each.value:+.3f} {interval(each.low, each.high, sign='+')}"
        for each in report.differences
        if (each.seen, each.slice, (each.metric, each.k)) == (seen, NEW_ITEMS, NEW_ITEM_RECALL)
    }
    table = [
        [model, *(cells.get((model, name), "") for name in (NEW_ITEMS, KNOWN_ITEMS)), minus.get(model, "")]
        for model in dict.fromkeys(row.model for row in rows)
    ]
    yield from markdown_table(["model", "new items", "known items", "winnow minus it, new items"], table)
