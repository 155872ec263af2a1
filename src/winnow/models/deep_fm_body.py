"""The DeepFM of the click model: a factorisation machine beside a network on the same embeddings."""

import torch
from torch import Tensor, nn

from winnow.models.click_sides import Sides, Widths
from winnow.models.click_sizes import ClickSizes
from winnow.models.two_sided_network import TwoSidedNetwork

START = 0.05
"""Standard deviation of a new vector of a number."""


class DeepFmBody(nn.Module):
    """The first-order and the second-order term, and the hidden numbers of a network.

    The sums over a request's vectors are made once. The first order is read off the embeddings themselves.

    Args:
        widths: of what meets.
        sizes: of the networks.

    Source:
        Guo et al., DeepFM: a factorization-machine based neural network for CTR prediction, IJCAI 2017; Rendle,
        Factorization machines, ICDM 2010, lemma 3.1.
    """

    def __init__(self, widths: Widths, sizes: ClickSizes) -> None:
        super().__init__()
        request, candidate = widths.request_row, widths.candidate_row
        self.request_values = nn.Parameter(START * torch.randn(widths.request_numbers, sizes.dim))
        self.candidate_values = nn.Parameter(START * torch.randn(widths.candidate_numbers, sizes.dim))
        self.first = TwoSidedNetwork(request, candidate, (1,))
        self.network = TwoSidedNetwork(request, candidate, sizes.top)
        self.width = 2 + sizes.top[-1]

    def forward(self, sides: Sides) -> Tensor:
        """[B, C, width]."""
        request, candidate = sides.request_row(), sides.candidate_row()
        deep = self.network.hidden(request, candidate)
        return torch.cat([self.first(request, candidate), self._pairs(sides), deep], dim=2)

    def _pairs(self, sides: Sides) -> Tensor:
        """[B, C, 1], the sum of the dot products of all pairs of vectors."""
        pooled = None if sides.pooled is None else sides.pooled.unsqueeze(2)
        of_request = _sums(sides.request_vectors)
        if sides.request_numbers is not None:
            of_request.append(_scaled(sides.request_numbers, self.request_values))
        of_all = [(one.unsqueeze(1), other.unsqueeze(1)) for one, other in of_request]
        total, squares = _scaled(sides.numbers, self.candidate_values)
        for one, other in (*_sums(sides.item_vectors), *_sums(pooled), *of_all):
            total, squares = total + one, squares + other
        return (total.square() - squares).sum(dim=2, keepdim=True) / 2


def _sums(vectors: Tensor | None) -> list[tuple[Tensor, Tensor]]:
    """Of vectors [..., F, D] the sum and the sum of squares, [..., D] each."""
    return [] if vectors is None else [(vectors.sum(dim=-2), vectors.square().sum(dim=-2))]


def _scaled(numbers: Tensor, vectors: Tensor) -> tuple[Tensor, Tensor]:
    """The same of the vectors [Q, D] times numbers [..., Q]."""
    return numbers @ vectors, numbers.square() @ vectors.square()
