"""Hidden layers, some of whose numbers are left out in training."""

from collections.abc import Sequence
from itertools import pairwise

from torch import Tensor, nn


class DropoutNetwork(nn.Module):
    """Linear layers, each followed by ReLU and dropout.

    Args:
        width: of a row.
        hidden: widths of the layers, at least one.
        dropout: share that is left out, from 0 to below 1.

    Source:
        Srivastava et al., Dropout: a simple way to prevent neural networks from overfitting, JMLR 2014.
    """

    def __init__(self, width: int, hidden: Sequence[int], dropout: float) -> None:
        super().__init__()
        layers = ((nn.Linear(a, b), nn.ReLU(), nn.Dropout(dropout)) for a, b in pairwise((width, *hidden)))
        self.layers = nn.Sequential(*(each for layer in layers for each in layer))

    def forward(self, rows: Tensor) -> Tensor:
        """[B, width] -> [B, hidden[-1]], not negative."""
        return self.layers(rows)
