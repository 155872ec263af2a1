"""How often suggested labels are those that the shop gave."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from winnow.features.encoders.zero_shot import Suggestions
from winnow.schema.column import Array


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelCheck:
    """Measured on items that have a label; all shares are of those for which something was suggested.

    Attributes:
        num_items: how many these are.
        k: labels suggested for each.
        top_1, top_k: share whose own label is the first, or among the first k.
        frequent: the label that most of them have.
        frequent_1, frequent_k: the same shares where always the most frequent labels are suggested.
        mean_score: of first suggestions; equal to `top_1` where scores are to be believed.
    """

    num_items: int
    k: int
    top_1: float
    top_k: float
    frequent: str
    frequent_1: float
    frequent_k: float
    mean_score: float

    def lines(self) -> list[str]:
        """The figures in sentences."""
        few = f", the {self.k} most frequent {_percent(self.frequent_k)}" if self.k > 1 else ""
        among = f", one of the first {self.k} for {_percent(self.top_k)}" if self.k > 1 else ""
        checked = f"Checked on {self.num_items} items that have a label"
        hint = _hint(self.mean_score - self.top_1)
        return [
            f"{checked}: the first suggestion is right for {_percent(self.top_1)}{among}.",
            f"The most frequent label, '{self.frequent}', has {_percent(self.frequent_1)}{few}.",
            f"The mean score of first suggestions is {_percent(self.mean_score)}: {hint}.",
        ]


def label_check(suggested: Suggestions, own: Array, labels: Sequence[str]) -> LabelCheck | None:
    """Holds suggestions against what the shop says.

    Args:
        suggested: for N items.
        own: int64 [N], the place of each item's own label.
        labels: C labels.

    Returns:
        None where nothing was suggested for any item.
    """
    there = suggested.labels[:, 0] >= 0
    if not there.any():
        return None
    hits = suggested.labels[there] == own[there, None]
    counts = np.bincount(own[there], minlength=len(labels))
    k = hits.shape[1]
    return LabelCheck(
        num_items=int(there.sum()),
        k=k,
        top_1=float(hits[:, 0].mean()),
        top_k=float(hits.any(axis=1).mean()),
        frequent=labels[int(counts.argmax())],
        frequent_1=float(counts.max() / counts.sum()),
        frequent_k=float(np.sort(counts)[-k:].sum() / counts.sum()),
        mean_score=float(suggested.scores[there, 0].mean()),
    )


def _percent(share: float) -> str:
    return f"{share * 100:.1f} %"


def _hint(excess: float) -> str:
    if abs(excess) < 0.05:
        return "scores are about as large as suggestions are right"
    return "scores promise more than suggestions keep" if excess > 0 else "suggestions keep more than scores promise"
