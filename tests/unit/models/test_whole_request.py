"""What a visitor wants may hang on the device and the hour together: the vector of the whole request."""

from itertools import product

import pytest
import torch
from torch.nn import functional

from tests.unit.models.test_dlrm import CONTEXT, NOTHING, USER, arrays
from winnow.models.click_model import ClickModel
from winnow.models.click_sizes import ClickSizes
from winnow.models.inputs import Inputs
from winnow.models.request_side import RequestSide

DEVICES, HOURS, CATEGORIES = 4, 8, 6
STEPS = 100
SIZES = ClickSizes(dim=8, bottom=(16,), top=(8,))


def loss_of_planted(seed: int, *, whole: bool) -> float:
    """After a few steps: on each device at each hour, one category of all is clicked."""
    torch.manual_seed(seed)
    cases = torch.tensor(list(product(range(DEVICES), range(HOURS))))
    wanted = torch.randint(CATEGORIES, (len(cases), 1))
    context, item = (Inputs(codes=codes, values=0, vectors={}) for codes in ((DEVICES, HOURS), (CATEGORIES,)))
    model = ClickModel(NOTHING, context, item, 2, SIZES, rate=0.2)
    if not whole:
        for each in model.scorer.request.whole[2].parameters():
            torch.nn.init.zeros_(each.requires_grad_(requires_grad=False))
    categories = torch.arange(CATEGORIES).expand(len(cases), -1)
    nothing = torch.zeros(len(cases), CATEGORIES, 1)
    inputs = {
        "context_codes": cases.int(),
        "item_codes": categories.unsqueeze(2),
        "likeness": nothing,
        "shown": nothing,
    }
    clicked = (categories == wanted).float()
    optimizer = torch.optim.Adam([each for each in model.parameters() if each.requires_grad], lr=1e-2)
    for _ in range(STEPS):
        loss = functional.binary_cross_entropy_with_logits(model(inputs), clicked)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return loss.item()


def test_what_hangs_on_device_and_hour_together_is_learned_sooner_with_it():
    together, apart = (sum(loss_of_planted(seed, whole=whole) for seed in range(3)) / 3 for whole in (True, False))
    assert together < apart / 2


def test_it_is_a_network_over_all_that_is_known_of_the_request():
    torch.manual_seed(0)
    side = RequestSide(USER, CONTEXT, SIZES)
    inputs = {**arrays("user", USER, 5), **arrays("context", CONTEXT, 5)}
    vectors, numbers = side(inputs)
    assert vectors is not None
    assert side.whole is not None
    slow = side.whole(torch.cat([vectors[:, :-1].flatten(1), inputs["user_values"], inputs["context_values"]], dim=1))
    torch.testing.assert_close(vectors[:, -1], slow)
    torch.testing.assert_close(numbers, torch.cat([inputs["user_values"], inputs["context_values"]], dim=1))


@pytest.mark.parametrize("bottom", [(12, 9), ()])
def test_it_is_as_wide_as_the_others_whatever_the_bottom(bottom: tuple[int, ...]):
    side = RequestSide(USER, CONTEXT, ClickSizes(dim=8, bottom=bottom, top=(4,)))
    vectors, _ = side({**arrays("user", USER, 2), **arrays("context", CONTEXT, 2)})
    assert vectors is not None
    assert vectors.shape == (2, side.vectors, 8)


def test_of_a_request_of_which_nothing_is_known_there_is_none():
    side = RequestSide(NOTHING, NOTHING, SIZES)
    assert side.vectors == 0
    assert side({}) == (None, None)
