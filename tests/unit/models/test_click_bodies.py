"""What the bodies of the click model make meet, against plain loops."""

from itertools import combinations

import pytest
import torch
from torch import Tensor, nn

from winnow.models.click_sides import Sides, Widths
from winnow.models.click_sizes import ClickSizes
from winnow.models.dcn_body import DcnBody
from winnow.models.deep_fm_body import DeepFmBody
from winnow.models.dlrm_body import DlrmBody
from winnow.models.interaction import UpperPairs

DIM, BATCH, CANDIDATES = 4, 2, 3
WIDTHS = Widths(request_vectors=2, item_vectors=3, pooled_vectors=1, request_numbers=2, candidate_numbers=3, dim=DIM)
SIZES = ClickSizes(dim=DIM, bottom=(5,), top=(6, 4), crosses=3)


@pytest.fixture(autouse=True)
def _seed() -> None:
    torch.manual_seed(0)


def sides() -> Sides:
    shape = (BATCH, CANDIDATES)
    items = torch.randn(*shape, WIDTHS.item_vectors, DIM)
    return Sides(
        request_vectors=torch.randn(BATCH, WIDTHS.request_vectors, DIM),
        request_numbers=torch.randn(BATCH, WIDTHS.request_numbers),
        item_vectors=items,
        item_pairs=UpperPairs(WIDTHS.item_vectors)(items),
        pooled=torch.randn(*shape, DIM),
        numbers=torch.randn(*shape, WIDTHS.candidate_numbers),
    )


def each_row(met: Sides) -> list[tuple[int, int]]:
    return [(b, c) for b in range(BATCH) for c in range(CANDIDATES)]


def sum_of_pairs(vectors: list[Tensor]) -> Tensor:
    return sum((one @ other for one, other in combinations(vectors, 2)), torch.zeros(()))


class Seen(nn.Module):
    """Keeps what the top would read."""

    def hidden(self, request: Tensor, candidate: Tensor) -> Tensor:
        self.request, self.candidate = request, candidate
        return candidate


def test_in_the_dlrm_all_vectors_meet_in_dot_products():
    body, met = DlrmBody(WIDTHS, SIZES), sides()
    body.top = Seen()
    body(met)
    for b, c in each_row(met):
        numbers = body.top.candidate[b, c, :DIM]
        own = [*met.item_vectors[b, c], met.pooled[b, c], numbers]
        products = [one @ other for one, other in combinations(own, 2)]
        products += [one @ other for one in own for other in met.request_vectors[b]]
        seen = body.top.candidate[b, c, DIM:]
        torch.testing.assert_close(seen.sort().values, torch.stack(products).sort().values)
    torch.testing.assert_close(body.top.request[:, 0], (met.request_vectors[:, 0] * met.request_vectors[:, 1]).sum(1))


def test_the_dcn_crosses_a_row_of_everything_with_itself():
    body, met = DcnBody(WIDTHS, SIZES), sides()
    crossed = body(met)[..., : WIDTHS.request_row + WIDTHS.candidate_row]
    weight = torch.cat([body.first.request.weight, body.first.candidate.weight], dim=1)
    for b, c in each_row(met):
        row = torch.cat([
            met.request_vectors[b].flatten(), met.request_numbers[b],
            met.item_vectors[b, c].flatten(), met.pooled[b, c], met.numbers[b, c],
        ])  # fmt: skip
        x = row * (weight @ row + body.first.candidate.bias) + row
        for layer in body.others:
            x = row * (layer.weight @ x + layer.bias) + x
        torch.testing.assert_close(crossed[b, c], x)


def test_the_deep_fm_adds_up_the_dot_products_of_all_pairs():
    body, met = DeepFmBody(WIDTHS, SIZES), sides()
    nn.init.normal_(body.request_values)
    nn.init.normal_(body.candidate_values)
    pairs = body(met)[..., 1]
    for b, c in each_row(met):
        vectors = [*met.request_vectors[b], *met.item_vectors[b, c], met.pooled[b, c]]
        vectors += list(met.request_numbers[b, :, None] * body.request_values)
        vectors += list(met.numbers[b, c, :, None] * body.candidate_values)
        torch.testing.assert_close(pairs[b, c], sum_of_pairs(vectors), atol=1e-4, rtol=1e-5)
