"""A bundle must be good before its speed is published: a fast wrong answer is no figure."""

from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.refused import RefusedError

TIMES_POPULAR = 5.0
KEPT_RECALL = 0.75
Row = Mapping[str, Any]


def check_bar(rows: Sequence[Row]) -> None:
    """Let a bundle pass whose recall@10 is high enough.

    Args:
        rows: what `winnow evaluate` reported: model, metric, k, slice, seen, value.

    Raises:
        RefusedError: if it is below 5 times a popularity baseline (seen masked), or below 0.75 (seen kept).
    """
    masked, kept = recall_at_10(rows, "winnow", "masked"), recall_at_10(rows, "winnow", "kept")
    for baseline in ("popular", "popular_7d"):
        bar = TIMES_POPULAR * recall_at_10(rows, baseline, "masked")
        if not masked >= bar:
            raise RefusedError(
                f"Recall@10 with seen masked is {masked:.3f}; the bar is 5 times '{baseline}', {bar:.3f}."
            )
    if not kept >= KEPT_RECALL:
        raise RefusedError(f"Recall@10 with seen kept is {kept:.3f}; the bar is {KEPT_RECALL}.")


def recall_at_10(rows: Sequence[Row], model: str, seen: str) -> float:
    """Recall@10 over all users.

    Raises:
        RefusedError: if the evaluation has no such row, or several.
    """
    wanted = {"model": model, "metric": "recall", "k": 10, "slice": "all", "seen": seen}
    values = [float(row["value"]) for row in rows if all(row[key] == value for key, value in wanted.items())]
    if len(values) != 1:
        found = f"The evaluation has {len(values)} rows for recall@10 of '{model}', all users, seen {seen}"
        raise RefusedError(f"{found}; one is wanted. Run `winnow evaluate` again.")
    return values[0]
