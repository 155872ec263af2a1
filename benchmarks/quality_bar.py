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


def check_sequences(values: Mapping[str, Sequence[float]], bars: Mapping[str, float]) -> None:
    """Let the figures of several seeds pass whose means are high enough.

    Args:
        values: of each seed, by metric.
        bars: by metric, lowest mean.

    Raises:
        RefusedError: if a mean is below its bar.
    """
    for metric, bar in bars.items():
        mean = sum(values[metric]) / len(values[metric])
        if not mean >= bar:
            seeds = ", ".join(f"{each:.4f}" for each in values[metric])
            raise RefusedError(f"The mean of {metric} is {mean:.4f} (seeds: {seeds}); the bar is {bar:.4f}.")


def recall_at_10(rows: Sequence[Row], model: str, seen: str) -> float:
    """Recall@10 over all users.

    Raises:
        RefusedError: if the evaluation has no such row, or several.
    """
    return float(row_of(rows, model, "recall", 10, seen)["value"])


def row_of(rows: Sequence[Row], model: str, metric: str, k: int, seen: str) -> Row:
    """The figure of a model over all users.

    Raises:
        RefusedError: if the evaluation has no such row, or several.
    """
    wanted = {"model": model, "metric": metric, "k": k, "slice": "all", "seen": seen}
    found = [row for row in rows if all(row[key] == value for key, value in wanted.items())]
    if len(found) != 1:
        told = f"The evaluation has {len(found)} rows for {metric}@{k} of '{model}', all users, seen {seen}"
        raise RefusedError(f"{told}; one is wanted. Run `winnow evaluate` again.")
    return found[0]
