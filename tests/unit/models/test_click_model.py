"""The click model: candidates alone, and at first the rate of clicks."""

import pytest
import torch
from torch import nn

from tests.unit.models.test_dlrm import CONTEXT, ITEM, NOTHING, USER, WIDTHS, arrays
from winnow.models.click_model import ClickModel
from winnow.models.click_sizes import ClickSizes
from winnow.models.inputs import Inputs

LIKENESS = 4
SIZES = ClickSizes(dim=8, bottom=(12,), top=(16, 8))


@pytest.fixture(autouse=True)
def _seed() -> None:
    torch.manual_seed(0)


def inputs_of(user: Inputs, context: Inputs, item: Inputs, batch: int, candidates: int) -> dict[str, torch.Tensor]:
    shape = (batch, candidates)
    request = {**arrays("user", user, batch), **arrays("context", context, batch)}
    return {**request, **arrays("item", item, *shape), "likeness": torch.rand(*shape, LIKENESS)}


@pytest.mark.parametrize(("user", "context", "item"), WIDTHS)
def test_an_untrained_model_says_the_rate_of_everything(user: Inputs, context: Inputs, item: Inputs):
    model = ClickModel(user, context, item, LIKENESS, SIZES, rate=0.1)
    said = torch.sigmoid(model(inputs_of(user, context, item, 2, 3)))
    torch.testing.assert_close(said, torch.full((2, 3), 0.1))


def test_the_answer_for_a_candidate_does_not_depend_on_the_others():
    model = ClickModel(USER, CONTEXT, ITEM, LIKENESS, SIZES, rate=0.1)
    nn.init.normal_(model.logit.weight)
    inputs = inputs_of(USER, CONTEXT, ITEM, 2, 5)
    request = {name: each for name, each in inputs.items() if each.dim() == 2}
    alone = {name: each[:, 3:4] for name, each in inputs.items() if each.dim() == 3}
    torch.testing.assert_close(model({**request, **alone})[:, 0], model(inputs)[:, 3])


def test_without_candidates_there_is_no_answer():
    model = ClickModel(NOTHING, CONTEXT, ITEM, LIKENESS, SIZES, rate=0.1)
    assert model(inputs_of(NOTHING, CONTEXT, ITEM, 2, 0)).shape == (2, 0)


def test_every_input_moves_the_answer():
    model = ClickModel(USER, CONTEXT, ITEM, LIKENESS, SIZES, rate=0.1)
    nn.init.normal_(model.logit.weight)
    inputs, others = (inputs_of(USER, CONTEXT, ITEM, 8, 9) for _ in range(2))
    for name in inputs:
        assert not torch.allclose(model({**inputs, name: others[name]}), model(inputs)), name
