"""The ranker against loops and tiling: the user side once changes nothing but the time."""

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from winnow.models.dlrm import Dlrm
from winnow.models.inputs import Inputs
from winnow.models.interaction import DlrmSizes
from winnow.models.towers import QUERY_OUTPUTS

DIM, MATCH = 8, 3
WIDE = MATCH + 3  # and three likenesses
SIZES = DlrmSizes(dim=DIM, bottom=(12,), top=(16, 8))
NOTHING = Inputs(codes=(), values=0, vectors={})
USER = Inputs(codes=(6, 3), values=2, vectors={})
CONTEXT = Inputs(codes=(4,), values=3, vectors={})
ITEM = Inputs(codes=(9, 4), values=2, vectors={"picture": 5, "words": 3})
BARE_ITEM = Inputs(codes=(), values=0, vectors={})
WIDTHS = [(USER, CONTEXT, ITEM), (NOTHING, NOTHING, BARE_ITEM), (NOTHING, CONTEXT, ITEM), (USER, NOTHING, BARE_ITEM)]


def arrays(name: str, inputs: Inputs, *shape: int) -> dict[str, Tensor]:
    codes = [torch.randint(size, shape, dtype=torch.int32) for size in inputs.codes]
    made = {f"{name}_codes": torch.stack(codes, dim=-1)} if codes else {}
    made |= {f"{name}_values": torch.randn(*shape, inputs.values)} if inputs.values else {}
    return made | {f"{name}_vector_{key}": torch.randn(*shape, width) for key, width in inputs.vectors.items()}


def unit(*shape: int) -> Tensor:
    return functional.normalize(torch.randn(*shape, DIM), dim=-1)


def moved(model: Dlrm) -> Dlrm:
    """As after training: in a new one, what is read does not count yet."""
    for layer in (model.wide, model.logit):
        nn.init.normal_(layer.weight)
    return model


def request_side(user: Inputs, context: Inputs, batch: int) -> dict[str, Tensor]:
    vectors = {
        "query": unit(batch),
        "history_vector": torch.randn(batch, DIM),
        "moment_vector": torch.randn(batch, DIM),
    }
    return {**arrays("user", user, batch), **arrays("context", context, batch), **vectors}


def candidate_side(item: Inputs, batch: int, candidates: int) -> dict[str, Tensor]:
    shape = (batch, candidates)
    return {
        **arrays("item", item, *shape),
        "item_tower": unit(*shape),
        "match": torch.randn(*shape, MATCH),
    }


def tiled(requests: dict[str, Tensor], candidates: dict[str, Tensor], count: int) -> dict[str, Tensor]:
    """B requests of C candidates as B * C requests of one."""
    alone = {name: each.repeat_interleave(count, dim=0) for name, each in requests.items()}
    return alone | {name: each.flatten(0, 1).unsqueeze(1) for name, each in candidates.items()}


@pytest.fixture(autouse=True)
def seed() -> None:
    torch.manual_seed(0)


@pytest.mark.parametrize(("user", "context", "item"), WIDTHS)
def test_an_untrained_ranker_has_exactly_the_order_of_retrieval(user: Inputs, context: Inputs, item: Inputs):
    inputs = {**request_side(user, context, 3), **candidate_side(item, 3, 5)}
    affinity = (inputs["query"].unsqueeze(1) * inputs["item_tower"]).sum(2)
    torch.testing.assert_close(Dlrm(user, context, item, WIDE, SIZES)(inputs), affinity)


def test_the_wide_part_is_added_to_the_deep_part():
    model = moved(Dlrm(USER, CONTEXT, ITEM, WIDE + 3, SIZES))
    inputs = {**request_side(USER, CONTEXT, 2), **candidate_side(ITEM, 2, 4), "source_features": torch.randn(2, 4, 3)}
    whole, wide = model(inputs), model.wide(inputs)
    nn.init.zeros_(model.wide.weight)
    torch.testing.assert_close(whole - model(inputs), wide)


@pytest.mark.parametrize(("user", "context", "item"), WIDTHS)
def test_the_user_side_once_equals_the_user_side_for_every_candidate(user: Inputs, context: Inputs, item: Inputs):
    model = moved(Dlrm(user, context, item, WIDE, SIZES))
    requests, candidates = request_side(user, context, 3), candidate_side(item, 3, 5)
    together = model({**requests, **candidates})
    assert together.shape == (3, 5)
    torch.testing.assert_close(together.flatten(), model(tiled(requests, candidates, 5)).flatten())


def test_the_score_of_a_candidate_does_not_depend_on_the_others():
    model = moved(Dlrm(USER, CONTEXT, ITEM, WIDE, SIZES))
    requests, candidates = request_side(USER, CONTEXT, 2), candidate_side(ITEM, 2, 7)
    scores = model({**requests, **candidates})
    for chosen in (torch.tensor([6, 0, 5, 1, 4, 2, 3]), torch.tensor([3, 1]), torch.tensor([2, 2])):
        other = model({**requests, **{name: each[:, chosen] for name, each in candidates.items()}})
        torch.testing.assert_close(other, scores[:, chosen])


def test_every_input_moves_the_score():
    model = moved(Dlrm(USER, CONTEXT, ITEM, WIDE, SIZES))
    inputs = {**request_side(USER, CONTEXT, 1), **candidate_side(ITEM, 1, 3)}
    inputs |= {name: torch.zeros_like(each) for name, each in inputs.items() if name.endswith("codes")}
    before = model(inputs)
    for name in inputs:
        assert not torch.allclose(model({**inputs, name: inputs[name] + 1}), before, atol=1e-5), name


def test_towers_that_are_turned_alike_change_nothing():
    """Only what the towers say of one another counts, so that a ranker can be used with other towers."""
    model = moved(Dlrm(USER, CONTEXT, ITEM, WIDE, SIZES))
    inputs = {**request_side(USER, CONTEXT, 2), **candidate_side(ITEM, 2, 3)}
    turn = torch.linalg.qr(torch.randn(DIM, DIM)).Q
    turned = {name: inputs[name] @ turn for name in (*QUERY_OUTPUTS, "item_tower")}
    torch.testing.assert_close(model({**inputs, **turned}), model(inputs))


def test_a_content_vector_may_have_any_name():
    for name in ("items", "type", "train", "forward", "v1.2", "größe in cm"):
        item = Inputs(codes=(), values=0, vectors={name: 3})
        inputs = {**request_side(NOTHING, NOTHING, 1), **candidate_side(item, 1, 2)}
        assert Dlrm(NOTHING, NOTHING, item, WIDE, SIZES)(inputs).shape == (1, 2)


def test_no_candidates_give_no_scores():
    model = moved(Dlrm(USER, CONTEXT, ITEM, WIDE, SIZES))
    assert model({**request_side(USER, CONTEXT, 2), **candidate_side(ITEM, 2, 0)}).shape == (2, 0)


def test_the_weights_of_both_sides_learn():
    model = moved(Dlrm(USER, CONTEXT, ITEM, WIDE, SIZES))
    inputs = {**request_side(USER, CONTEXT, 8), **candidate_side(ITEM, 8, 9)}
    for name in ITEM.vectors:
        inputs[f"item_vector_{name}"][:, 0] = 0  # missing
    model(inputs).square().sum().backward()
    assert [name for name, each in model.named_parameters() if each.grad is None or not each.grad.any()] == []


def test_a_bottom_without_hidden_layers_is_one_layer():
    sizes = DlrmSizes(dim=DIM, bottom=(), top=(4,))
    model = Dlrm(USER, CONTEXT, ITEM, WIDE, sizes)
    logits = model({**request_side(USER, CONTEXT, 2), **candidate_side(ITEM, 2, 3)})
    assert logits.shape == (2, 3)
