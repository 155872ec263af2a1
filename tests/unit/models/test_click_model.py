"""The click model of every kind: candidates alone, and at first the rate of clicks."""

import pytest
import torch
from torch import Tensor

from tests.unit.models.clicks import (
    EVENTS,
    KINDS,
    LENGTH,
    NAMED_ITEM,
    NUMBERS,
    candidates_of,
    history_of,
    moved,
    request_of,
    told,
)
from tests.unit.models.test_dlrm import CONTEXT, NOTHING, USER, WIDTHS
from winnow.models.click_model import ClickModel
from winnow.models.click_sizes import ClickSizes
from winnow.models.inputs import Inputs
from winnow.schema.errors import RecipeError

PER_REQUEST = ("history_rows", "history_present")
every_kind = pytest.mark.parametrize("sizes", KINDS, ids=told)
attending = pytest.mark.parametrize("sizes", [each for each in KINDS if each.history], ids=told)


@pytest.fixture(autouse=True)
def _seed() -> None:
    torch.manual_seed(0)


def full(sizes: ClickSizes, batch: int, candidates: int) -> tuple[ClickModel, dict[str, Tensor]]:
    model = moved(ClickModel(USER, CONTEXT, NAMED_ITEM, NUMBERS, sizes, rate=0.1))
    history = history_of(NAMED_ITEM, batch, LENGTH) if sizes.history else {}
    return model, {
        **request_of(USER, CONTEXT, batch),
        **candidates_of(NAMED_ITEM, batch, candidates),
        **history,
    }


@pytest.mark.parametrize("kind", ["dlrm", "dcn", "deep_fm"])
@pytest.mark.parametrize(("user", "context", "item"), WIDTHS)
def test_an_untrained_model_says_the_rate_of_everything(kind: str, user: Inputs, context: Inputs, item: Inputs):
    model = ClickModel(user, context, item, NUMBERS, ClickSizes(kind=kind), rate=0.1)
    said = torch.sigmoid(model({**request_of(user, context, 2), **candidates_of(item, 2, 3)}))
    torch.testing.assert_close(said, torch.full((2, 3), 0.1))


@every_kind
def test_the_answer_for_a_candidate_does_not_depend_on_the_others(sizes: ClickSizes):
    model, inputs = full(sizes, 2, 5)
    alone = {name: each[:, 3:4] for name, each in inputs.items() if name.startswith(("item_", "likeness", "shown"))}
    torch.testing.assert_close(model({**inputs, **alone})[:, 0], model(inputs)[:, 3])


@every_kind
def test_the_answer_to_a_request_does_not_depend_on_the_others(sizes: ClickSizes):
    model, inputs = full(sizes, 3, 4)
    shared = {name for name in inputs if name.startswith("history_") and name not in PER_REQUEST}
    alone = {name: each if name in shared else each[1:2] for name, each in inputs.items()}
    torch.testing.assert_close(model(alone)[0], model(inputs)[1])


@every_kind
def test_without_candidates_there_is_no_answer(sizes: ClickSizes):
    model, inputs = full(sizes, 2, 0)
    assert model(inputs).shape == (2, 0)


@every_kind
def test_every_input_moves_the_answer(sizes: ClickSizes):
    model, inputs = full(sizes, 8, 9)
    _, others = full(sizes, 8, 9)
    others["history_present"] = 1 - inputs.get("history_present", torch.zeros(0))
    for name in inputs:
        assert not torch.allclose(model({**inputs, name: others[name]}), model(inputs)), name


@every_kind
def test_every_weight_is_trained(sizes: ClickSizes):
    model, inputs = full(sizes, 8, 9)
    model(inputs).square().sum().backward()
    for name, weight in model.named_parameters():
        # A picture or words that are missing have weights of their own, and here nothing is missing.
        assert (weight.grad is not None and weight.grad.abs().sum() > 0) or name.endswith(".missing"), name


@attending
def test_events_that_are_not_there_say_nothing(sizes: ClickSizes):
    model, inputs = full(sizes, 3, 4)
    gone = inputs["history_present"] == 0
    rows = torch.where(gone, (inputs["history_rows"] + 1) % EVENTS, inputs["history_rows"])
    assert gone.any()
    torch.testing.assert_close(model({**inputs, "history_rows": rows}), model(inputs))


@attending
def test_an_empty_history_is_as_no_history(sizes: ClickSizes):
    model, inputs = full(sizes, 3, 4)
    inputs["history_present"] = torch.zeros_like(inputs["history_present"])
    none = {name: inputs[name][:, :0] for name in PER_REQUEST}
    assert model(inputs).isfinite().all()
    torch.testing.assert_close(model({**inputs, **none}), model(inputs))


@attending
def test_the_order_of_events_and_more_padding_change_nothing(sizes: ClickSizes):
    model, inputs = full(sizes, 3, 4)
    turned = {name: torch.cat([inputs[name], torch.zeros_like(inputs[name])], dim=1).flip(1) for name in PER_REQUEST}
    torch.testing.assert_close(model({**inputs, **turned}), model(inputs))


@every_kind
def test_which_item_it_is_is_not_read(sizes: ClickSizes):
    model, inputs = full(sizes, 2, 4)
    others = {name: inputs[name].clone() for name in inputs if name in {"item_codes", "history_codes"}}
    for codes in others.values():
        codes[..., 0] = (codes[..., 0] + 1) % NAMED_ITEM.codes[0]
    torch.testing.assert_close(model({**inputs, **others}), model(inputs))


def test_codes_that_only_name_user_and_item_are_unread():
    named = Inputs(codes=(9,), values=1, vectors={}, ids=(0,))
    assert ClickModel(named, CONTEXT, named, NUMBERS, ClickSizes(), rate=0.1).unread == {
        "user_codes",
        "item_codes",
        "history_codes",
    }
    assert ClickModel(USER, CONTEXT, NAMED_ITEM, NUMBERS, ClickSizes(), rate=0.1).unread == set()


@attending
def test_what_is_made_of_an_item_is_the_same_as_an_event(sizes: ClickSizes):
    model, inputs = full(sizes, 2, 4)
    items = {name: each.flatten(0, 1) for name, each in inputs.items() if name.startswith("item_")}
    history = {name.replace("item_", "history_"): each for name, each in items.items()}
    history["history_rows"] = torch.arange(8).view(2, 4)
    torch.testing.assert_close(model.items.events(history), model.items(inputs)["item_event"])


def test_a_history_of_items_that_only_have_names_is_refused():
    named = Inputs(codes=(9,), values=0, vectors={}, ids=(0,))
    with pytest.raises(RecipeError, match="has history 6, and nothing tells what an item is like; give the items"):
        ClickModel(NOTHING, CONTEXT, named, NUMBERS, ClickSizes(history=6), rate=0.1)


def test_a_model_without_a_history_reads_none():
    model, _ = full(KINDS[0], 1, 1)
    with pytest.raises(ValueError, match="made without a history"):
        model.items.events({})
