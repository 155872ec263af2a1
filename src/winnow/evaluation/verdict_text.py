"""Whether winnow is above the baselines, in sentences, and where right answers are lost if it is not."""

from collections.abc import Iterator, Sequence

from winnow.evaluation.report import Difference, Report, SeenMode
from winnow.evaluation.setting import BEST, RETRIEVAL_ONLY
from winnow.evaluation.slice import ALL, Column

CANDIDATES = "fill"
"""The stage behind which candidates are only put in order."""
NO_BASELINES = (*BEST, RETRIEVAL_ONLY)


def verdict_text(report: Report, seen: SeenMode, columns: Sequence[Column]) -> Iterator[str]:
    """A sentence for each column in which winnow is not above every baseline beyond doubt, and why; or that it is.

    Beyond doubt is a difference whose whole paired interval lies above 0.
    """
    compared = [
        each for each in report.differences if (each.seen, each.slice) == (seen, ALL) and each.model not in NO_BASELINES
    ]
    told = [column for column in columns if any((each.metric, each.k) == column for each in compared)]
    if not told:
        return
    doubtful = [sentence for column in told if (sentence := _sentence(column, compared))]
    if not doubtful:
        yield f"\nAbove every baseline, beyond doubt, in {', '.join(f'{metric}@{k}' for metric, k in told)}."
        return
    yield "\nNot above every baseline beyond doubt:\n"
    yield from doubtful
    yield from _lost(report, seen)


def _sentence(column: Column, compared: Sequence[Difference]) -> str:
    """Empty where every interval lies above 0."""
    of_column = [each for each in compared if (each.metric, each.k) == column]
    below = [each.model for each in of_column if each.high < 0]
    level = [each.model for each in of_column if each.low <= 0 <= each.high]
    parts = [f"{said} {', '.join(models)}" for said, models in (("below", below), ("level with", level)) if models]
    return f"- {column[0]}@{column[1]}: {'; '.join(parts)}" if parts else ""


def _lost(report: Report, seen: SeenMode) -> Iterator[str]:
    """What the candidates lack no order can mend, and what they hold a better order would show."""
    recall = {each.stage: each.recall for each in report.funnel if each.seen == seen}
    if CANDIDATES in recall and "top_10" in recall:
        held, shown = recall[CANDIDATES], recall["top_10"]
        yield f"\nOf the right answers {1 - held:.1%} are no candidates,"
        yield f"and {held - shown:.1%} are ranked below place 10."
