"""Losses against closed forms and simulation."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import functional

from winnow.models.losses import gbce, log_chance


def samples(share: np.ndarray, in_batch: int, uniform: int, draws: int) -> torch.Tensor:
    """bool [draws, I], which items a mixed sample holds at least once."""
    generator, num_items = np.random.default_rng(1), len(share)
    drawn = np.concatenate(
        [
            generator.choice(num_items, (draws, in_batch), p=share / share.sum()),
            generator.integers(num_items, size=(draws, uniform)),
        ],
        axis=1,
    )
    return torch.from_numpy((drawn[:, :, None] == np.arange(num_items)).any(axis=1))


def test_by_their_chances_sampled_items_stand_for_all_on_average():
    """However often an item is drawn it counts once: the mean of the estimates of the softmax's total is the total."""
    generator = np.random.default_rng(1)
    num_items, in_batch, uniform = 12, 8, 6
    share = generator.dirichlet(np.full(num_items, 0.5)).astype(np.float32)
    logits = torch.from_numpy(generator.normal(size=num_items).astype(np.float32))
    held = samples(share, in_batch, uniform, 40_000).float()
    estimates = held @ (logits - log_chance(torch.from_numpy(share), in_batch, uniform, num_items)).exp()
    assert estimates.mean().item() == pytest.approx(logits.exp().sum().item(), rel=0.01)


def test_without_the_correction_rare_items_are_undercounted():
    """The control of the test above: the same samples, uncorrected, miss the partition by far."""
    share, logits = np.array([0.9, 0.05, 0.05], np.float32), torch.tensor([0.0, 2.0, 2.0])
    held = samples(share, 6, 0, 5_000).float()
    truth = logits.exp().sum().item()
    corrected = held @ (logits - log_chance(torch.from_numpy(share), 6, 0, 3)).exp()
    assert corrected.mean().item() == pytest.approx(truth, rel=0.05)
    assert (held @ logits.exp()).mean().item() < truth / 2


def test_the_chance_of_an_item_is_what_simulation_counts():
    share = np.array([0.5, 0.3, 0.2, 0.0], np.float32)
    held = samples(share, 10, 6, 20_000)
    stated = log_chance(torch.from_numpy(share), 10, 6, 4).exp()
    np.testing.assert_allclose(stated, held.float().mean(0), rtol=0.01)


@pytest.mark.parametrize(("in_batch", "uniform"), [(0, 5), (5, 0), (1, 1), (1000, 1000)])
def test_a_chance_is_never_more_than_one_and_that_of_the_only_item_is_one(in_batch: int, uniform: int):
    assert log_chance(torch.ones(1), in_batch, uniform, 1).tolist() == [0]
    assert (log_chance(torch.tensor([0.0, 0.2, 0.8]), in_batch, uniform, 3) <= 0).all()


def test_very_small_chances_keep_their_digits():
    stated = log_chance(torch.tensor([1e-9]), 8, 4, 1_000_000_000).exp().item()
    assert stated == pytest.approx(12e-9, rel=1e-4)


NOBODY = (torch.empty(0, dtype=torch.int64), torch.empty(0, dtype=torch.int64))
LOGITS = st.lists(st.floats(-15, 15, width=32), min_size=2, max_size=6)


@given(logits=LOGITS, calibration=st.sampled_from([0.0, 0.25, 0.75, 1.0]), more=st.integers(1, 1000), data=st.data())
def test_gbce_is_the_formula_of_the_paper(logits: list[float], calibration: float, more: int, data: st.DataObject):
    """In float64, and but for the division by the number of terms, which is the same for all rows."""
    positive, negatives = logits[0], logits[1:]
    own = data.draw(st.lists(st.booleans(), min_size=len(negatives), max_size=len(negatives)))
    num_items = len(negatives) + more
    alpha = len(negatives) / (num_items - 1)
    beta = alpha * (calibration * (1 - 1 / alpha) + 1 / alpha)
    chances = 1 / (1 + np.exp(-np.array(negatives)))
    expected = -math.log((1 / (1 + math.exp(-positive))) ** beta) - np.log(1 - chances)[~np.array(own)].sum()
    pairs = torch.nonzero(torch.tensor([own]), as_tuple=True)
    loss = gbce(torch.tensor([positive]), torch.tensor([negatives]), pairs, num_items, calibration)
    assert loss.tolist() == pytest.approx([expected], rel=1e-4, abs=1e-4)


def test_gbce_without_calibration_is_binary_cross_entropy():
    logits = torch.randn(5, 4, generator=torch.Generator().manual_seed(0))
    labels = torch.tensor([1.0, 0, 0, 0]).expand(5, 4)
    plain = functional.binary_cross_entropy_with_logits(logits, labels, reduction="none").sum(1)
    loss = gbce(logits[:, 0], logits[:, 1:], NOBODY, num_items=50, calibration=0.0)
    torch.testing.assert_close(loss, plain)


def test_fully_calibrated_gbce_is_least_where_the_score_is_the_chance_among_all_items():
    """With 3 of 30 negatives sampled and calibration 1, an item wanted half of the time gets the logit of one half."""
    logit = torch.zeros(1, requires_grad=True)
    as_positive = gbce(logit, torch.full((1, 3), -50.0), NOBODY, 31, 1.0)
    as_negative = gbce(torch.full((1,), 50.0), logit[None], NOBODY, 31, 1.0)
    # As a positive it is always there; as a negative only in 3 samples of 30.
    (as_positive + 0.1 * as_negative).sum().backward()
    assert logit.grad is not None
    assert logit.grad.item() == pytest.approx(0, abs=1e-6)


def test_a_catalogue_that_is_sampled_whole_needs_no_calibration():
    positive, negatives = torch.tensor([0.3]), torch.tensor([[0.2, -1.0, 0.3]])
    whole = gbce(positive, negatives, NOBODY, num_items=3, calibration=1.0)
    torch.testing.assert_close(whole, gbce(positive, negatives, NOBODY, num_items=3, calibration=0.0))
    assert torch.isfinite(gbce(positive, negatives[:, :1], NOBODY, num_items=1)).all()
