"""The DCN-V2 of the click model: cross layers beside a network."""

import torch
from torch import Tensor, nn

from winnow.models.click_sides import Sides, Widths
from winnow.models.click_sizes import ClickSizes
from winnow.models.two_sided_network import TwoSidedNetwork


class DcnBody(nn.Module):
    """All of a request and a candidate in one row, crossed, and in a network beside, which is DCN-V2, parallel.

    The first cross layer and the network read the request once for all candidates.

    Args:
        widths: of what meets.
        sizes: of the networks.

    Source:
        Wang et al., DCN V2: improved deep and cross network, WWW 2021.
    """

    def __init__(self, widths: Widths, sizes: ClickSizes) -> None:
        super().__init__()
        request, candidate = widths.request_row, widths.candidate_row
        row = request + candidate
        self.first = TwoSidedNetwork(request, candidate, (row,))
        self.others = nn.ModuleList(nn.Linear(row, row) for _ in range(sizes.crosses - 1))
        self.network = TwoSidedNetwork(request, candidate, sizes.top)
        self.width = row + sizes.top[-1]

    def forward(self, sides: Sides) -> Tensor:
        """[B, C, width]."""
        request, candidate = sides.request_row(), sides.candidate_row()
        rows = candidate
        if request is not None:
            rows = torch.cat([request.unsqueeze(1).expand(-1, candidate.shape[1], -1), candidate], dim=2)
        crossed = rows * self.first(request, candidate) + rows
        for layer in self.others:
            crossed = rows * layer(crossed) + crossed
        return torch.cat([crossed, self.network.hidden(request, candidate)], dim=2)
