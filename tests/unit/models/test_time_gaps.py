"""Gaps from seconds to years as vectors."""

import itertools
import math

import pytest
import torch

from winnow.models.time_gaps import MAGNITUDES, TimeGaps

SECOND, MINUTE, HOUR, DAY, MONTH, YEAR = 1.0, 60.0, 3600.0, 86_400.0, 30 * 86_400.0, 365 * 86_400.0


def gaps_of(dim: int = 6) -> TimeGaps:
    torch.manual_seed(0)
    return TimeGaps(dim)


def test_a_gap_is_its_nearness_to_each_magnitude_mixed_by_one_layer():
    gaps, seconds = gaps_of(), [0.0, 1.0, 75.0, 1e9]
    by_hand = [[math.exp(-((math.log(1 + each) - centre) ** 2)) for centre in range(MAGNITUDES)] for each in seconds]
    expected = torch.tensor(by_hand) @ gaps.mix.weight.T + gaps.mix.bias
    torch.testing.assert_close(gaps(torch.tensor(seconds)), expected)


def test_a_linear_layer_can_tell_an_instant_a_minute_an_hour_a_day_a_month_and_a_year_apart():
    """The memberships of the six are linearly independent by far, and no two of them are near each other."""
    gaps = gaps_of(MAGNITUDES)
    with torch.no_grad():
        gaps.mix.weight.copy_(torch.eye(MAGNITUDES))
        gaps.mix.bias.zero_()
    members = gaps(torch.tensor([0.0, MINUTE, HOUR, DAY, MONTH, YEAR])).detach()
    assert torch.linalg.svdvals(members)[-1] > 0.5
    for one, other in itertools.combinations(members, 2):
        assert (one - other).norm() > 0.9


def test_a_minute_is_nearer_to_two_minutes_than_to_a_day():
    minute, two, day = gaps_of(16)(torch.tensor([MINUTE, 2 * MINUTE, DAY]))
    assert (minute - two).norm() < (minute - day).norm() / 2


@pytest.mark.parametrize("shape", [(0,), (3,), (2, 0), (2, 5), (2, 3, 4)])
def test_any_shape_of_gaps_gets_one_more_dimension(shape: tuple[int, ...]):
    assert gaps_of()(torch.ones(shape)).shape == (*shape, 6)


def test_negative_gaps_are_read_as_none_and_the_longest_are_finite():
    gaps = gaps_of()
    none, negative, longest = gaps(torch.tensor([0.0, -5.0, 1e30]))
    assert torch.equal(negative, none)
    assert torch.isfinite(longest).all()


def test_the_centres_are_no_weights_to_learn_or_to_save():
    assert set(gaps_of().state_dict()) == {"mix.weight", "mix.bias"}


def test_no_number_is_so_small_that_it_slows_a_processor_down(monkeypatch: pytest.MonkeyPatch):
    gaps, mixed = gaps_of(), list[torch.Tensor]()
    monkeypatch.setattr(gaps.mix, "forward", lambda shares: mixed.append(shares) or shares)
    gaps(torch.tensor([0.0, 1.0, DAY, 5 * YEAR, 1e30]))
    assert (mixed[0] >= torch.finfo(torch.float32).tiny).all()
