"""What a report says of impressions: who tells clicks apart, and whether chances are what they say."""

from collections.abc import Iterator

from winnow.evaluation.heads_text import heads_text
from winnow.evaluation.markdown_table import markdown_table
from winnow.evaluation.report import ImpressionRow, Report
from winnow.evaluation.setting import BEST, OURS
from winnow.evaluation.slice import ALL

FIGURES = {
    "AUC": "auc",
    "AUC within users": "auc_within_users",
    "NDCG of pages": "ndcg",
    "log loss": "log_loss",
    "norm. entropy": "entropy",
    "calibration error": "calibration_error",
}
DIGITS = {"log_loss": 4, "calibration_error": 4}
GAINS = ("auc", "entropy")
NONE = "-"


def impressions_text(report: Report) -> Iterator[str]:
    """Every model's AUC on each slice, all figures of every model, those of winnow, its bins, and its further outcomes.

    Reports of before hold the first alone.
    """
    rows = report.impressions
    if rows:
        yield "## Impressions of the test time, AUC by visitor and context\n"
        yield from _aucs(report)
        yield ""
    for name, size in {row.slice: row.impressions for row in rows if row.auc is None}.items():
        yield f"Of the {size:,} impressions of '{name}' none was clicked, or all were: they have no AUC.\n"
    if any(row.ndcg is not None for row in rows):
        yield "Order and chances, over all impressions; nobody is told the place where items are put in order:\n"
        yield from _figures("model", [(row.model, row) for row in rows if row.slice == ALL])
        yield ""
    ours = [row for row in rows if row.model == OURS]
    if ours:
        yield "Winnow by visitor and context:\n"
        yield from _figures("impressions of", [(row.slice, row) for row in ours])
        yield ""
        yield from _reliability(report)
    yield from heads_text(report.heads)


def _aucs(report: Report) -> Iterator[str]:
    models = list(dict.fromkeys(row.model for row in report.impressions))
    cells = {(row.slice, row.model): _cell(row.auc) for row in report.impressions}
    sizes = {row.slice: f"{row.impressions:,}" for row in report.impressions}
    table = [[name, size, *(cells[name, model] for model in models)] for name, size in sizes.items()]
    yield from markdown_table(["visitors", "impressions", *models], table)


def _figures(what: str, rows: list[tuple[str, ImpressionRow]]) -> Iterator[str]:
    """A line for each row under its name; shares where any row has them."""
    named = {f"{metric} of the {best}'s": f"{best}_share_{metric}" for best in BEST[::-1] for metric in GAINS}
    told = {head: name for head, name in named.items() if any(name in row.shares for _, row in rows)}
    table = [
        [
            name,
            NONE if row.clicks is None else f"{row.clicks:,}",
            *(_cell(getattr(row, each), DIGITS.get(each, 3)) for each in FIGURES.values()),
            *(f"{row.shares[each]:.1%}" if each in row.shares else NONE for each in told.values()),
        ]
        for name, row in rows
    ]
    yield from markdown_table([what, "clicks", *FIGURES, *told], table)


def _reliability(report: Report) -> Iterator[str]:
    bins = [each for each in report.reliability if (each.model, each.slice) == (OURS, ALL)]
    if bins:
        yield "Of impressions that were given a chance of a click, how many were clicked (winnow, all):\n"
        table = [
            [f"{each.mean_probability:.2%}", f"{each.share_of_clicks:.2%}", f"{each.impressions:,}"] for each in bins
        ]
        yield from markdown_table(["said", "came", "impressions"], table)
        yield ""


def _cell(value: float | None, digits: int = 3) -> str:
    return NONE if value is None else f"{value:.{digits}f}"
