"""Heads tell what else comes of impressions, and the click is told as without them."""

import pytest
import torch

from tests.unit.models.clicks import KINDS, NAMED_ITEM, NUMBERS, candidates_of, moved, request_of
from tests.unit.models.test_dlrm import CONTEXT, USER
from winnow.models.click_model import ClickModel
from winnow.models.outcome_heads import OutcomeHeads


def model_of(sizes):
    torch.manual_seed(0)
    return moved(ClickModel(USER, CONTEXT, NAMED_ITEM, NUMBERS, sizes, rate=0.1))


def arrays():
    torch.manual_seed(1)
    return {**request_of(USER, CONTEXT, 3), **candidates_of(NAMED_ITEM, 3, 4)}


@pytest.mark.parametrize("sizes", KINDS[::2], ids=lambda sizes: sizes.kind)
def test_heads_change_nothing_of_the_click(sizes):
    plain, model, inputs = model_of(sizes), model_of(sizes), arrays()
    model.scorer.heads = OutcomeHeads(torch.randn(2, model.scorer.body.width), torch.randn(2))
    answers = model.answers(inputs)
    assert torch.equal(answers["score"], plain(inputs))
    assert torch.equal(model(inputs), plain(inputs))
    assert answers["after"].shape == (3, 4, 2)
    assert plain.answers(inputs).keys() == {"score"}


def test_heads_take_no_part_in_training_and_are_weights_all_the_same():
    model = model_of(KINDS[0])
    model.scorer.heads = OutcomeHeads(torch.randn(2, 8), torch.randn(2))
    assert not any(each.requires_grad for each in model.scorer.heads.parameters())
    assert {"scorer.heads.weight", "scorer.heads.bias"} <= model.state_dict().keys()


def test_a_head_is_the_chance_of_a_weighted_sum():
    heads = OutcomeHeads(torch.tensor([[1.0, 2.0], [0.0, -1.0]]), torch.tensor([0.5, 3.0]))
    found = heads(torch.tensor([[[3.0, 4.0]]]))
    torch.testing.assert_close(found, torch.tensor([[[11.5, -1.0]]]).sigmoid())
