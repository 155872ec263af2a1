"""A report for people: tables in Markdown, and the funnel as a picture of bars."""

from collections.abc import Iterator

from winnow.data.leave_out import LEAVE_OUT
from winnow.data.split import TIME, SplitKind
from winnow.evaluation.content_text import content_text
from winnow.evaluation.impressions_text import impressions_text
from winnow.evaluation.leaks.leaks_text import labelled, leaks_text
from winnow.evaluation.markdown_table import figure, interval, markdown_table
from winnow.evaluation.new_items_text import new_items_text
from winnow.evaluation.report import Report, SeenMode, UserCount
from winnow.evaluation.setting import BEST
from winnow.evaluation.slice import ALL, Column
from winnow.evaluation.verdict_text import verdict_text

SHOWN: dict[str, tuple[Column, ...]] = {
    TIME: (("recall", 10), ("ndcg", 10), ("hit_rate", 10), ("recall", 20), ("coverage", 10), ("gini", 10)),
    LEAVE_OUT: tuple((metric, k) for k in (5, 10, 20) for metric in ("hit_rate", "ndcg")),
}
DIGITS = {TIME: 3, LEAVE_OUT: 4}
TOLD = {
    TIME: "Protocol time: what users do after a cut in time, full ranking.",
    LEAVE_OUT: "Protocol leave-one-out: the last item of every user, full ranking; all before it is known by then.",
}
USER_SLICES = (ALL, "warm", "cold")
BAR, SHARE_K = 40, 10


def report_text(report: Report) -> str:
    """The report as Markdown: for each setting the models, winnow against the baselines, new items and the funnel.

    Where something leaks, every table says so.
    """
    settings: list[SeenMode] = list(dict.fromkeys(row.seen for row in report.rows))
    lines = [line for seen in settings for line in _setting(report, seen)]
    text = "\n".join([*lines, *impressions_text(report), *content_text(report)])
    return "\n".join([*_head(report), *labelled(text.split("\n"), report.leaks.label), *_leaks(report)])


def _head(report: Report) -> Iterator[str]:
    """What was asked, and what is missing."""
    for sentence in (TOLD[_protocol(report)], *report.notes):
        yield f"{sentence}\n"


def _protocol(report: Report) -> SplitKind:
    return report.rows[0].protocol if report.rows else TIME


def _setting(report: Report, seen: SeenMode) -> Iterator[str]:
    counts = [f"{each.users:,} {each.slice}" for each in _user_slices(report, seen)]
    yield f"## Seen items {seen} (users: {', '.join(counts)})\n"
    yield from _models(report, seen)
    yield "\nWinnow minus each baseline, same users:\n"
    yield from _differences(report, seen)
    yield from verdict_text(report, seen, SHOWN[_protocol(report)])
    yield from _shares(report, seen)
    yield from new_items_text(report, seen)
    yield "\nShare of right answers still there after each stage:\n"
    yield from _funnel(report, seen)
    yield ""


def _models(report: Report, seen: SeenMode) -> Iterator[str]:
    rows, shown = [row for row in report.rows if row.seen == seen], SHOWN[_protocol(report)]
    digits = DIGITS[_protocol(report)]
    cells = {(row.model, row.slice, row.metric, row.k): figure(row, digits) for row in rows}
    slices = _telling_slices(report, seen)
    table = [
        [model, name, *(cells.get((model, name, metric, k), "") for metric, k in shown)]
        for name in slices
        for model in dict.fromkeys(row.model for row in rows)
    ]
    yield from markdown_table(["model", "users", *(f"{metric}@{k}" for metric, k in shown)], table)


def _telling_slices(report: Report, seen: SeenMode) -> list[str]:
    """Slices of users that hold some, and others than the first, which holds everybody."""
    everybody, *parts = _user_slices(report, seen)
    return [everybody.slice, *(each.slice for each in parts if 0 < each.users < everybody.users)]


def _user_slices(report: Report, seen: SeenMode) -> list[UserCount]:
    return [each for each in report.users if each.seen == seen and each.slice in USER_SLICES]


def _differences(report: Report, seen: SeenMode) -> Iterator[str]:
    digits, columns = DIGITS[_protocol(report)], SHOWN[_protocol(report)]
    table = [
        [
            each.model,
            f"{each.metric}@{each.k}",
            f"{each.value:+.{digits}f}",
            interval(each.low, each.high, sign="+", digits=digits),
        ]
        for each in report.differences
        if (each.seen, each.slice) == (seen, ALL) and (each.metric, each.k) in columns
    ]
    yield from markdown_table(["against", "metric", "difference", "95 % interval"], table)


def _shares(report: Report, seen: SeenMode) -> Iterator[str]:
    """On a simulated shop: how much of what could be reached each model reaches."""
    cells = {(row.model, row.metric): f"{row.value:.0%}" for row in report.rows if row.seen == seen}
    named = {best: f"{best}_share_ndcg_at_{SHARE_K}" for best in BEST}
    models = dict.fromkeys(model for model, metric in cells if metric in named.values())
    if models:
        yield f"\nShare of the lift in ndcg@{SHARE_K} over popular that could be had:\n"
        table = [[model, *(cells.get((model, metric), "") for metric in named.values())] for model in models]
        yield from markdown_table(["model", *(f"of the {best}'s" for best in named)], table)


def _leaks(report: Report) -> Iterator[str]:
    checks = list(leaks_text(report.leaks))
    yield from ["", *checks] if checks else checks


def _funnel(report: Report, seen: SeenMode) -> Iterator[str]:
    stages = [each for each in report.funnel if each.seen == seen]
    width = max(len(each.stage) for each in stages)
    yield "```text"
    for each in stages:
        bar = "█" * round(BAR * each.recall)
        yield f"{each.stage:<{width}}  {bar:<{BAR}}  {each.recall:.3f}  of {each.candidates:7.1f} candidates"
    yield "```"
