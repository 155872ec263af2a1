"""What a visitor wants may hang on the device and the hour together: the vector of the whole request."""

from itertools import product

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from tests.unit.models.test_dlrm import CONTEXT, ITEM, NOTHING, SIZES, USER, arrays
from winnow.models.inputs import Inputs
from winnow.models.interaction import DlrmSizes, Interaction, UpperPairs

DEVICES, HOURS, CATEGORIES = 4, 8, 6
STEPS, NUMBERS = 100, 1
BEFORE = {
    "user_codes.table.weight": (9, 8),
    "context_codes.table.weight": (4, 8),
    "item_codes.table.weight": (13, 8),
    "content.0.0.missing": (5,),
    "content.0.1.weight": (8, 5),
    "content.0.1.bias": (8,),
    "content.1.0.missing": (3,),
    "content.1.1.weight": (8, 3),
    "content.1.1.bias": (8,),
    "bottom.candidate.weight": (12, 3),
    "bottom.candidate.bias": (12,),
    "bottom.request.weight": (12, 5),
    "bottom.rest.0.weight": (8, 12),
    "bottom.rest.0.bias": (8,),
    "top.candidate.weight": (16, 33),
    "top.candidate.bias": (16,),
    "top.request.weight": (16, 3),
    "top.rest.0.weight": (8, 16),
    "top.rest.0.bias": (8,),
}
"""Names and shapes of the parameters without the vector; bundles hold them."""


def interaction(user: Inputs, context: Inputs, item: Inputs = ITEM, *, whole: bool) -> Interaction:
    torch.manual_seed(0)
    return Interaction(user, context, item, NUMBERS, SIZES, whole_request=whole)


def loss_of_planted(seed: int, *, whole: bool) -> float:
    """After a few steps: on each device at each hour, one category of all is clicked."""
    torch.manual_seed(seed)
    cases = torch.tensor(list(product(range(DEVICES), range(HOURS))))
    wanted = torch.randint(CATEGORIES, (len(cases), 1))
    context, item = (Inputs(codes=codes, values=0, vectors={}) for codes in ((DEVICES, HOURS), (CATEGORIES,)))
    body = Interaction(NOTHING, context, item, 1, DlrmSizes(dim=8, bottom=(16,), top=(8,)), whole_request=whole)
    model = nn.Sequential(body, nn.Linear(8, 1))
    categories = torch.arange(CATEGORIES).expand(len(cases), -1)
    inputs = {"context_codes": cases.int(), "item_codes": categories.unsqueeze(2)}
    nothing, clicked = torch.zeros(len(cases), CATEGORIES, 1), (categories == wanted).float()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    for _ in range(STEPS):
        loss = functional.binary_cross_entropy_with_logits(model[1](body(inputs, nothing)).squeeze(2), clicked)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return loss.item()


def test_what_hangs_on_device_and_hour_together_is_learned_sooner_with_it():
    together, apart = (sum(loss_of_planted(seed, whole=whole) for seed in range(3)) / 3 for whole in (True, False))
    assert together < 0.12
    assert together < apart / 2


def test_without_it_the_parameters_are_as_before():
    torch.manual_seed(0)
    default = Interaction(USER, CONTEXT, ITEM, NUMBERS, SIZES)
    assert {name: tuple(each.shape) for name, each in default.state_dict().items()} == BEFORE


def test_with_it_there_is_one_more_vector_of_the_request():
    model = interaction(USER, CONTEXT, whole=True)
    told = 3 * SIZES.dim + USER.values + CONTEXT.values
    added = {name: tuple(each.shape) for name, each in model.state_dict().items() if name.startswith("whole.")}
    assert added == {
        "whole.candidate.weight": (12, told),
        "whole.candidate.bias": (12,),
        "whole.rest.0.weight": (8, 12),
        "whole.rest.0.bias": (8,),
    }
    crossed = len(ITEM.codes) + len(ITEM.vectors) + 1
    assert model.top.candidate.in_features == BEFORE["top.candidate.weight"][1] + crossed
    assert model.request_pairs.count == UpperPairs(4).count


def vectors(model: Interaction, inputs: dict[str, Tensor]) -> Tensor:
    return torch.cat(model._request_vectors(inputs), dim=1)


def test_it_is_a_network_over_all_that_is_known_of_the_request():
    model = interaction(USER, CONTEXT, whole=True)
    assert model.whole is not None
    inputs = {**arrays("user", USER, 5), **arrays("context", CONTEXT, 5)}
    found = vectors(model, inputs)
    told = torch.cat([found[:, :3].flatten(1), inputs["user_values"], inputs["context_values"]], dim=1)
    slow = model.whole.rest[0](functional.relu(model.whole.candidate(told)))
    torch.testing.assert_close(found[:, 3], slow)


@pytest.mark.parametrize("bottom", [(12, 9), ()])
def test_it_is_as_wide_as_the_others_whatever_the_bottom(bottom: tuple[int, ...]):
    sizes = DlrmSizes(dim=8, bottom=bottom, top=(4,))
    model = Interaction(USER, CONTEXT, ITEM, NUMBERS, sizes, whole_request=True)
    assert vectors(model, {**arrays("user", USER, 2), **arrays("context", CONTEXT, 2)}).shape == (2, 4, 8)


@pytest.mark.parametrize(
    ("user", "context", "number"),
    [
        (NOTHING, NOTHING, 0),
        (USER, NOTHING, 3),
        (NOTHING, CONTEXT, 2),
        (Inputs(codes=(), values=2, vectors={}), NOTHING, 1),
    ],
)
def test_there_is_one_where_anything_is_known_of_the_request(user: Inputs, context: Inputs, number: int):
    model = interaction(user, context, whole=True)
    inputs = {**arrays("user", user, 2), **arrays("context", context, 2), **arrays("item", ITEM, 2, 3)}
    assert sum(each.shape[1] for each in model._request_vectors(inputs)) == number
    assert model(inputs, torch.randn(2, 3, NUMBERS)).shape == (2, 3, SIZES.top[-1])
    none = {**inputs, **arrays("item", ITEM, 2, 0)}
    assert model(none, torch.empty(2, 0, NUMBERS)).shape == (2, 0, SIZES.top[-1])
