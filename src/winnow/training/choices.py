"""What visitors chose of what they were shown, and what the ranker had read of it."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from winnow.schema.column import Array

NOBODY_LOOKS = -1e9
"""Log of the chance of a look where nothing stands: finite, since nothing times infinity is no number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """R requests, in each of which one of at most C items that were shown was clicked.

    Attributes:
        inputs: what the ranker read when it was asked, by column: [R, ...] of the request, [R, C, ...] of the items.
        looks: float32 [R, C], log of the chance of a look where the item stood; NOBODY_LOOKS where there is no item.
        labels: float32 [R, C], 1 for the item that was clicked.
        at: float64 [R], UTC seconds.
    """

    inputs: Mapping[str, Array]
    looks: Array
    labels: Array
    at: Array

    def __len__(self) -> int:
        return len(self.labels)

    def take(self, rows: Array) -> "Choices":
        """Some of them."""
        inputs = {name: each[rows] for name, each in self.inputs.items()}
        return Choices(inputs=inputs, looks=self.looks[rows], labels=self.labels[rows], at=self.at[rows])

    def halves(self) -> tuple["Choices", "Choices"]:
        """The earlier and the later ones."""
        earlier, later = np.array_split(np.argsort(self.at, kind="stable"), 2)
        return self.take(earlier), self.take(later)

    def tensors(self) -> tuple[dict[str, Tensor], Tensor, Tensor]:
        """Inputs, looks and labels."""
        inputs = {name: torch.from_numpy(each) for name, each in self.inputs.items()}
        return inputs, torch.from_numpy(self.looks), torch.from_numpy(self.labels)
