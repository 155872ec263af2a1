"""A network of what a request and a candidate say, which reads the request once for all its candidates."""

from collections.abc import Sequence
from itertools import pairwise

from torch import Tensor, nn
from torch.nn import functional as F


class TwoSidedNetwork(nn.Module):
    """Linear layers with ReLU between, whose first layer is the sum of a request part and a candidate part.

    Args:
        request_width, candidate_width: of what comes in; that of the candidate is above 0.
        widths: of the layers, at least one.
    """

    def __init__(self, request_width: int, candidate_width: int, widths: Sequence[int]) -> None:
        super().__init__()
        self.candidate = nn.Linear(candidate_width, widths[0])
        self.request = nn.Linear(request_width, widths[0], bias=False) if request_width else None
        self.rest = nn.ModuleList(nn.Linear(a, b) for a, b in pairwise(widths))

    def forward(self, request: Tensor | None, candidate: Tensor) -> Tensor:
        """[B, R], None where R is 0, and [B, C, K] -> [B, C, widths[-1]], before the last activation.

        The layers see rows of a matrix, and what a request alone adds is a bias: what serves the model joins product,
        bias and ReLU of a matrix in one.
        """
        return self._rows(request, candidate).unflatten(0, candidate.shape[:2])

    def hidden(self, request: Tensor | None, candidate: Tensor) -> Tensor:
        """As `forward`, after the last activation."""
        return F.relu(self._rows(request, candidate)).unflatten(0, candidate.shape[:2])

    def _rows(self, request: Tensor | None, candidate: Tensor) -> Tensor:
        x = self._first(request, candidate)
        for layer in self.rest:
            x = layer(F.relu(x))
        return x

    def _first(self, request: Tensor | None, candidate: Tensor) -> Tensor:
        weight, bias = self.candidate.weight, self.candidate.bias
        if self.request is None or request is None:
            return F.linear(candidate.flatten(0, 1), weight, bias)
        bias = F.linear(request, self.request.weight, bias)
        if len(candidate) == 1:
            return F.linear(candidate.squeeze(0), weight, bias.squeeze(0))
        return (F.linear(candidate, weight) + bias.unsqueeze(1)).flatten(0, 1)
