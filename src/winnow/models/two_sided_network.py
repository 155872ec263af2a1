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

        The later layers see rows of a matrix: what serves the model joins product, bias and ReLU of a matrix in one.
        """
        if self.request is None or request is None:
            x = self.candidate(candidate)
        else:
            bias = self.request(request) + self.candidate.bias
            x = F.linear(candidate, self.candidate.weight) + bias.unsqueeze(1)
        if not self.rest:
            return x
        shape, x = x.shape[:2], x.reshape(-1, x.shape[2])
        for layer in self.rest:
            x = layer(F.relu(x))
        return x.unflatten(0, shape)
