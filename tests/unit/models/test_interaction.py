"""The body of the DLRM, piece by piece, against loops and plain networks."""

from itertools import combinations

import pytest
import torch
from torch import nn
from torch.nn import functional

from winnow.models.interaction import DlrmSizes, SplitNetwork, UpperPairs
from winnow.schema.errors import RecipeError

DIM = 8


@pytest.fixture(autouse=True)
def _seed() -> None:
    torch.manual_seed(0)


@pytest.mark.parametrize("features", [1, 2, 5])
def test_upper_pairs_are_the_dot_products_of_all_pairs(features: int):
    vectors = torch.randn(2, 3, features, DIM)
    pairs = UpperPairs(features)
    slow = [(vectors[:, :, a] * vectors[:, :, b]).sum(-1) for a, b in combinations(range(features), 2)]
    assert pairs.count == len(slow)
    expected = torch.stack(slow, dim=-1) if slow else torch.empty(2, 3, 0)
    torch.testing.assert_close(pairs(vectors), expected)


def test_a_split_network_is_a_plain_network_on_both_sides_joined():
    split = SplitNetwork(4, 3, (6, 5, 2))
    assert split.request is not None
    first = nn.Linear(7, 6)
    with torch.no_grad():
        first.weight.copy_(torch.cat([split.request.weight, split.candidate.weight], dim=1))
        first.bias.copy_(split.candidate.bias)
    plain = nn.Sequential(first, nn.ReLU(), split.rest[0], nn.ReLU(), split.rest[1])
    request, candidate = torch.randn(2, 4), torch.randn(2, 9, 3)
    joined = torch.cat([request.unsqueeze(1).expand(2, 9, 4), candidate], dim=2)
    torch.testing.assert_close(split(request, candidate), plain(joined))


def test_a_split_network_without_a_request_side_reads_the_candidates_alone():
    split = SplitNetwork(0, 3, (6, 2))
    candidate = torch.randn(2, 9, 3)
    expected = split.rest[0](functional.relu(split.candidate(candidate)))
    torch.testing.assert_close(split(torch.empty(2, 0), candidate), expected)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"dim": 0}, "dim has the width 0; a whole number above 0"),
        ({"dim": -64}, "dim has the width -64"),
        ({"bottom": (128, 0)}, "bottom has the width 0"),
        ({"top": (64, -1)}, "top has the width -1"),
        ({"top": (64.5,)}, r"top has the width 64\.5"),
        ({"top": ()}, "top has no layers; give at least one"),
    ],
)
def test_widths_that_no_network_can_have_are_refused(wrong: dict[str, object], message: str):
    with pytest.raises(RecipeError, match=message):
        DlrmSizes(**wrong)
