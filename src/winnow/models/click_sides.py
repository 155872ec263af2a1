"""What meets in the body of a click model.

Shapes: B requests, C candidates, R and K vectors of a request and of an item, D width.
"""

from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True, slots=True, kw_only=True)
class Widths:
    """How much a request and a candidate say: vectors of an item and of its own, and numbers."""

    request_vectors: int
    item_vectors: int
    pooled_vectors: int
    request_numbers: int
    candidate_numbers: int
    dim: int

    @property
    def request_row(self) -> int:
        """All of a request, side by side."""
        return self.request_vectors * self.dim + self.request_numbers

    @property
    def candidate_row(self) -> int:
        """All of a candidate, side by side."""
        return (self.item_vectors + self.pooled_vectors) * self.dim + self.candidate_numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """What meets; None where a side has none of it.

    Attributes:
        request_vectors: [B, R, D].
        request_numbers: [B, P].
        item_vectors: [B, C, K, D].
        item_pairs: [B, C, K (K - 1) / 2], dot products of these.
        pooled: [B, C, D], what a candidate finds in the history.
        numbers: [B, C, Q], of the candidate, at least one.
    """

    request_vectors: Tensor | None
    request_numbers: Tensor | None
    item_vectors: Tensor | None
    item_pairs: Tensor | None
    pooled: Tensor | None
    numbers: Tensor

    def request_row(self) -> Tensor | None:
        """[B, `Widths.request_row`]."""
        vectors = [] if self.request_vectors is None else [self.request_vectors.flatten(1)]
        parts = vectors if self.request_numbers is None else [*vectors, self.request_numbers]
        return torch.cat(parts, dim=1) if parts else None

    def candidate_row(self) -> Tensor:
        """[B, C, `Widths.candidate_row`]."""
        vectors = [] if self.item_vectors is None else [self.item_vectors.flatten(2)]
        pooled = [] if self.pooled is None else [self.pooled]
        return torch.cat([*vectors, *pooled, self.numbers], dim=2)
