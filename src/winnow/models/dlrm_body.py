"""The DLRM of the click model: embeddings and content meet in dot products, numbers enter through a bottom network."""

import torch
from torch import Tensor, nn

from winnow.models.click_sides import Sides, Widths
from winnow.models.click_sizes import ClickSizes
from winnow.models.interaction import UpperPairs
from winnow.models.two_sided_network import TwoSidedNetwork


class DlrmBody(nn.Module):
    """Hidden numbers of each candidate, from the dot products of all pairs of vectors.

    The candidate's own vectors, its numbers and what it finds in the history, meet everything. The pairs of an item's
    vectors come with it.

    Args:
        widths: of what meets.
        sizes: of the networks.

    Source:
        Naumov et al., Deep learning recommendation model for personalization and recommendation systems, 2019.
    """

    def __init__(self, widths: Widths, sizes: ClickSizes) -> None:
        super().__init__()
        own = 1 + widths.pooled_vectors
        requests, items = widths.request_vectors, widths.item_vectors
        self.bottom = TwoSidedNetwork(widths.request_numbers, widths.candidate_numbers, (*sizes.bottom, sizes.dim))
        self.request_pairs = UpperPairs(requests)
        pairs = UpperPairs(own + items).count + (own + items) * requests
        self.top = TwoSidedNetwork(self.request_pairs.count, sizes.dim + pairs, sizes.top)
        self.width = sizes.top[-1]

    def forward(self, sides: Sides) -> Tensor:
        """[B, C, width], not negative."""
        numbers_BCD = self.bottom.hidden(sides.request_numbers, sides.numbers)
        own = [numbers_BCD] if sides.pooled is None else [numbers_BCD, sides.pooled]
        parts = [numbers_BCD, *_own_pairs(own, sides.item_vectors)]
        if sides.item_pairs is not None:
            parts.append(sides.item_pairs)
        request = None
        if sides.request_vectors is not None:
            request = self.request_pairs(sides.request_vectors)
            parts += _crossed(own, sides.item_vectors, sides.request_vectors)
        return self.top.hidden(request, torch.cat(parts, dim=2))


def _own_pairs(own: list[Tensor], items_BCKD: Tensor | None) -> list[Tensor]:
    pairs = [(own[0] * each).sum(dim=2, keepdim=True) for each in own[1:]]
    if items_BCKD is None:
        return pairs
    return [*pairs, *((items_BCKD @ each.unsqueeze(3)).flatten(2) for each in own)]


def _crossed(own: list[Tensor], items_BCKD: Tensor | None, requests_BRD: Tensor) -> list[Tensor]:
    turned_BDR = requests_BRD.transpose(1, 2)
    crossed = [each @ turned_BDR for each in own]
    if items_BCKD is None:
        return crossed
    return [*crossed, (items_BCKD.flatten(1, 2) @ turned_BDR).unflatten(1, items_BCKD.shape[1:3]).flatten(2)]
