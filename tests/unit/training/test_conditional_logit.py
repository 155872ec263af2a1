"""Weights of a choice, against planted ones, a slow optimum and what was believed before."""

import numpy as np
import pytest
import torch
from scipy.optimize import minimize
from torch import Tensor

from winnow.training.conditional_logit import conditional_logit

PLANTED = torch.tensor([1.5, -0.7, 0.0])


def choices(requests: int, seed: int = 0) -> tuple[Tensor, Tensor]:
    """Said of 8 candidates each, and which one was chosen under the planted weights."""
    generator = torch.Generator().manual_seed(seed)
    said = torch.randn(requests, 8, 3, generator=generator)
    chosen = torch.multinomial((said @ PLANTED).softmax(1), 1, generator=generator)
    return said, torch.zeros(requests, 8).scatter_(1, chosen, 1.0)


def test_planted_weights_are_found():
    found = conditional_logit(*choices(20_000), torch.zeros(3), penalty=1.0)
    torch.testing.assert_close(found, PLANTED, atol=0.05, rtol=0)


@pytest.mark.parametrize("penalty", [0.5, 20.0])
def test_the_optimum_is_that_of_a_slow_search(penalty: float):
    said, labels = choices(60)
    start = torch.tensor([0.0, 1.0, 0.5])

    def loss(weights: np.ndarray) -> float:
        logits = said.double().numpy() @ weights
        clicked = (logits * labels.numpy()).sum(1)
        likely = np.log(np.exp(logits).sum(1)) - clicked
        return float(likely.sum() + penalty / 2 * ((weights - start.numpy()) ** 2).sum())

    slow = minimize(loss, np.zeros(3), method="Nelder-Mead", options={"xatol": 1e-6, "fatol": 1e-9}).x
    np.testing.assert_allclose(conditional_logit(said, labels, start, penalty).numpy(), slow, atol=1e-3)


def test_without_rows_and_under_a_heavy_penalty_what_was_believed_stays():
    start = torch.tensor([0.3, 0.0, 1.0])
    said, labels = choices(30)
    torch.testing.assert_close(conditional_logit(said[:0], labels[:0], start, penalty=1.0), start)
    torch.testing.assert_close(conditional_logit(said, labels, start, penalty=1e6), start, atol=1e-3, rtol=0)
    assert (start == torch.tensor([0.3, 0.0, 1.0])).all()
