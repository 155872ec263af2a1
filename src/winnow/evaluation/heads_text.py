"""What a report says of the outcomes that the click model tells."""

from collections.abc import Iterator, Sequence

from winnow.evaluation.head_row import ENOUGH, HeadRow
from winnow.evaluation.markdown_table import markdown_table

FIGURES = {"AUC": ("auc", 3), "log loss": ("log_loss", 4), "norm. entropy": ("entropy", 3)}
FIGURES |= {"calibration error": ("calibration_error", 4)}


def heads_text(rows: Sequence[HeadRow]) -> Iterator[str]:
    """A table of those that can be judged, and a sentence for each of the others; nothing where there are none."""
    scored = [row for row in rows if row.auc is not None]
    if scored:
        yield "What came of impressions, by each outcome that the click model tells (winnow, all):\n"
        table = [
            [
                row.outcome,
                row.of,
                f"{row.impressions:,}",
                f"{row.positives:,}",
                *(f"{getattr(row, name):.{digits}f}" for name, digits in FIGURES.values()),
            ]
            for row in scored
        ]
        yield from markdown_table(["outcome", "of impressions", "impressions", "came", *FIGURES], table)
        yield ""
    for row in rows:
        if row.auc is None:
            yield (
                f"'{row.outcome}' is not judged: it came to {row.positives:,} of {row.impressions:,} impressions that "
                f"were {row.of}; at least {ENOUGH} to which it came and {ENOUGH} to which it did not are wanted.\n"
            )
