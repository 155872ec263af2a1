"""Losses against closed forms and simulation."""

import math

import numpy as np
import pytest
import torch
from torch.nn import functional

from winnow.models.losses import click_loss, log_expected_count, sampled_softmax


def test_with_every_item_expected_once_the_loss_is_the_full_cross_entropy():
    logits = torch.randn(7, 11, generator=torch.Generator().manual_seed(0))
    positives = torch.tensor([0, 3, 3, 10, 5, 1, 0])
    hits = torch.arange(11) == positives[:, None]
    loss = sampled_softmax(logits[torch.arange(7), positives], logits, torch.zeros(11), hits)
    torch.testing.assert_close(loss, functional.cross_entropy(logits, positives))


def test_the_estimated_partition_is_right_on_average_for_mixed_negatives():
    """With B - 1 other rows in the batch and U uniform items, the mean of the estimates of Z is Z."""
    generator = np.random.default_rng(1)
    num_items, in_batch, uniform, positive = 12, 8, 6, 4
    share = generator.dirichlet(np.full(num_items, 0.5)).astype(np.float32)
    logits = torch.from_numpy(generator.normal(size=num_items).astype(np.float32))
    draws = 40_000
    items = np.concatenate(
        [
            generator.choice(num_items, (draws, in_batch), p=share / share.sum()),
            generator.integers(num_items, size=(draws, uniform)),
        ],
        axis=1,
    )
    expected = log_expected_count(torch.from_numpy(share), in_batch, uniform, num_items)
    sampled = torch.from_numpy(items)
    own = logits[positive]
    partitions = torch.stack(
        [
            sampled_softmax(own[None], logits[row][None], expected[row], (row == positive)[None]).add(own).exp()
            for row in sampled[:500]
        ]
    )
    whole = torch.where(sampled == positive, 0.0, (logits[sampled] - expected[sampled]).exp()).sum(1) + own.exp()
    torch.testing.assert_close(partitions, whole[:500])
    assert whole.mean().item() == pytest.approx(logits.exp().sum().item(), rel=0.01)


def test_without_the_correction_popular_items_are_overcounted():
    """The control of the test above: the same samples, uncorrected, miss the partition by far."""
    generator = np.random.default_rng(1)
    share = np.array([0.9, 0.05, 0.05], np.float32)
    logits = torch.tensor([2.0, 0.0, 0.0])
    sampled = torch.from_numpy(generator.choice(3, (5_000, 6), p=share / share.sum()))
    expected = log_expected_count(torch.from_numpy(share), 6, 0, 3)
    corrected = (logits[sampled] - expected[sampled]).exp().sum(1).mean().item()
    uncorrected = logits[sampled].exp().sum(1).mean().item()
    truth = logits.exp().sum().item()
    assert corrected == pytest.approx(truth, rel=0.05)
    assert uncorrected > 3 * truth


def test_an_accidental_hit_has_no_influence():
    positive = torch.zeros(2, requires_grad=True)
    hits = torch.tensor([[True, False], [False, True]])
    negatives = torch.tensor([[0.5, 1.0], [2.0, 0.5]])
    louder = torch.where(hits, 50.0, negatives).requires_grad_()
    loss = sampled_softmax(positive, louder, torch.zeros(2), hits)
    loss.backward()
    assert loss.item() == pytest.approx((math.log(1 + math.e) + math.log(1 + math.e**2)) / 2)
    assert louder.grad is not None
    assert (louder.grad[hits] == 0).all()
    assert (louder.grad[~hits] > 0).all()


def test_when_all_negatives_are_hits_the_loss_is_zero_and_gradients_are_finite():
    positive = torch.tensor([1.5], requires_grad=True)
    negatives = torch.tensor([[3.0, -2.0]], requires_grad=True)
    expected = torch.zeros(2, requires_grad=True)
    loss = sampled_softmax(positive, negatives, expected, torch.ones(1, 2, dtype=torch.bool))
    loss.backward()
    assert loss.item() == 0
    for each in (positive, negatives, expected):
        assert each.grad is not None
        assert (each.grad == 0).all()


def test_large_logits_do_not_overflow():
    loss = sampled_softmax(torch.tensor([-500.0]), torch.tensor([[500.0]]), torch.zeros(1), torch.zeros(1, 1).bool())
    assert loss.item() == pytest.approx(1000)


def test_the_expected_count_is_what_simulation_counts():
    generator = np.random.default_rng(2)
    share = np.array([0.5, 0.3, 0.2, 0.0])
    in_batch, uniform, trials = 10, 6, 20_000
    batches = generator.choice(4, (trials, in_batch), p=share)
    uniforms = generator.integers(4, size=(trials, uniform))
    counted = np.bincount(np.concatenate([batches.ravel(), uniforms.ravel()]), minlength=4) / trials
    stated = log_expected_count(torch.from_numpy(share), in_batch, uniform, 4).exp().numpy()
    np.testing.assert_allclose(stated, counted, rtol=0.02)


def test_the_click_loss_is_the_mean_negative_log_likelihood():
    logits = torch.tensor([[0.0, 2.0], [-1.0, 0.5]])
    labels = torch.tensor([[1.0, 0.0], [0.0, 1.0]])
    by_hand = (math.log(2) + math.log(1 + math.e**2) + math.log(1 + math.exp(-1)) + math.log(1 + math.exp(-0.5))) / 4
    assert click_loss(logits, labels).item() == pytest.approx(by_hand)
