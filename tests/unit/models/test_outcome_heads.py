"""Heads learn what else comes of impressions, and move nothing else."""

import math

import pytest
import torch

from tests.unit.models.clicks import KINDS, NAMED_ITEM, NUMBERS, candidates_of, moved, request_of
from tests.unit.models.test_dlrm import CONTEXT, USER
from winnow.models.click_model import ClickModel
from winnow.models.outcome_heads import OutcomeHeads, outcome_loss

RATES = (0.2, 0.05, 0.01)


def model_of(sizes, rates=RATES):
    torch.manual_seed(0)
    return ClickModel(USER, CONTEXT, NAMED_ITEM, NUMBERS, sizes, 0.1, rates=rates)


def arrays():
    torch.manual_seed(1)
    return {**request_of(USER, CONTEXT, 3), **candidates_of(NAMED_ITEM, 3, 4)}


@pytest.mark.parametrize("sizes", KINDS[::2], ids=lambda sizes: sizes.kind)
def test_an_untrained_head_says_its_rate_of_everything(sizes):
    _, further = moved(model_of(sizes)).answers(arrays())
    torch.testing.assert_close(further.sigmoid(), torch.tensor(RATES).expand(3, 4, 3))


def test_heads_draw_no_number_and_change_no_other_weight():
    plain = model_of(KINDS[0], ())
    state = torch.get_rng_state()
    model = model_of(KINDS[0])
    assert torch.equal(torch.get_rng_state(), state)
    weights = model.state_dict()
    assert all(torch.equal(weights[name], each) for name, each in plain.state_dict().items())
    assert set(weights) - set(plain.state_dict()) == {f"scorer.heads.{name}" for name in ("weight", "bias", "usual")}


def test_what_heads_learn_does_not_reach_the_rest():
    model = model_of(KINDS[0])
    torch.nn.init.normal_(model.scorer.heads.weight)
    _, further = model.answers(arrays())
    further.square().sum().backward()
    with_gradient = {name for name, each in model.named_parameters() if each.grad is not None and each.grad.any()}
    assert with_gradient == {"scorer.heads.weight", "scorer.heads.bias"}


def test_the_click_is_told_as_without_heads():
    model, inputs = moved(model_of(KINDS[0])), arrays()
    logits, further = model.answers(inputs)
    assert torch.equal(logits, model(inputs))
    served = model.chances(inputs)
    assert torch.equal(served["score"], logits)
    assert torch.equal(served["after"], further.sigmoid())


def test_a_model_without_heads_has_no_further_outcomes():
    assert model_of(KINDS[0], ()).answers(arrays())[1].shape == (3, 4, 0)


def test_a_head_is_a_line_beside_its_rate():
    heads = OutcomeHeads(2, (0.5, 0.1))
    with torch.no_grad():
        heads.weight.copy_(torch.tensor([[1.0, 2.0], [0.0, -1.0]]))
    found = heads(torch.tensor([[[3.0, 4.0]]]))
    torch.testing.assert_close(found, torch.tensor([[[11.0, math.log(1 / 9) - 4]]]))


def test_the_loss_is_that_of_a_slow_loop_over_what_each_head_is_asked_of():
    torch.manual_seed(2)
    odds, came, asked = torch.randn(9, 3), torch.rand(9, 3) < 0.4, torch.rand(9, 3) < 0.7
    asked[:, 1] = False
    slow = 0.0
    for head in range(3):
        rows = [row for row in range(9) if asked[row, head]]
        chances = [1 / (1 + math.exp(-odds[row, head])) for row in rows]
        losses = [
            -math.log(chance if came[row, head] else 1 - chance) for row, chance in zip(rows, chances, strict=True)
        ]
        slow += sum(losses) / max(1, len(rows))
    assert outcome_loss(odds, came, asked).item() == pytest.approx(slow, rel=1e-5)


def test_without_heads_nothing_is_lost():
    nothing = torch.zeros(4, 0)
    assert outcome_loss(nothing, nothing.bool(), nothing.bool()) == 0
