"""A click is a look and then a click."""

import math

import pytest
import torch

from winnow.models.looks import PLACES, Looks, click_loss, log_chances

RATES = 0.4 / torch.arange(1, PLACES + 2)


def test_it_begins_with_the_rates_of_the_places():
    rates = torch.full((PLACES + 1,), 0.2)
    rates[2], rates[3] = 0.1, 0.001
    looked = Looks(rates)(torch.tensor([2, 3, 4])).exp().tolist()
    assert looked == pytest.approx([0.5, 0.02, 0.98])


def test_the_first_place_and_an_unknown_one_count_as_looked_at():
    assert Looks(RATES)(torch.tensor([0, 1])).tolist() == [0.0, 0.0]


def test_places_beyond_the_last_count_as_the_last():
    looks = Looks(RATES)
    last, beyond = looks(torch.tensor([PLACES, 10 * PLACES])).tolist()
    assert last == beyond < 0


@pytest.mark.parametrize(("logit", "looked"), [(0.0, 1.0), (-2.0, 0.5), (3.0, 0.9)])
def test_the_chances_are_those_of_a_product(logit: float, looked: float):
    click = looked / (1 + math.exp(-logit))
    chances = log_chances(torch.tensor([logit]), torch.tensor([math.log(looked)]))
    assert [each.exp().item() for each in chances] == pytest.approx([click, 1 - click], rel=1e-5)


def test_the_loss_is_the_mean_surprise():
    logits, looked = torch.tensor([0.5, -1.0, 2.0]), torch.tensor([1.0, 0.4, 0.8])
    clicked = torch.tensor([True, True, False])
    chance = looked * torch.sigmoid(logits)
    slow = -(chance[0].log() + chance[1].log() + (1 - chance[2]).log()) / 3
    torch.testing.assert_close(click_loss(logits, looked.log(), clicked), slow)


def test_what_was_certain_and_did_not_come_has_a_finite_loss():
    loss = click_loss(torch.tensor([90.0], requires_grad=True), torch.zeros(1), torch.tensor([False]))
    assert 10 < loss.item() < 20


def test_looks_are_learned_where_an_item_stands_anywhere():
    """Half as many clicks on the second place as on the first, of items that are alike."""
    torch.manual_seed(0)
    positions = torch.randint(1, 3, (20_000,))
    clicked = torch.rand(20_000) < torch.where(positions == 2, 0.2, 0.4)
    looks, logit = Looks(torch.full((PLACES + 1,), 0.3)), torch.zeros(1, requires_grad=True)
    solver = torch.optim.LBFGS([logit, *looks.parameters()], max_iter=50, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        solver.zero_grad()
        value = click_loss(logit.expand(len(positions)), looks(positions), clicked)
        value.backward()
        return value

    solver.step(loss)
    assert torch.sigmoid(logit).item() == pytest.approx(0.4, abs=0.01)
    assert looks(torch.tensor([2])).exp().item() == pytest.approx(0.5, abs=0.03)
