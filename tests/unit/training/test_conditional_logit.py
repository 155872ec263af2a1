"""Weights of a choice, against planted ones, a slow optimum and what was believed before."""

import numpy as np
import pytest
import torch
from scipy.optimize import minimize
from torch import Tensor

from winnow.models.wide import weighed
from winnow.training.conditional_logit import conditional_logit

PLANTED = torch.tensor([[1.5, -0.7, 0.0], [-0.5, 0.3, 1.0]])
BELIEVED = torch.tensor([[0.0, 1.0, 0.5], [0.3, 0.0, 1.0]])


def choices(requests: int, seed: int = 0) -> tuple[Tensor, Tensor, Tensor]:
    """Said of 8 candidates each, of which kind they are, and which one was chosen under the planted weights."""
    generator = torch.Generator().manual_seed(seed)
    said = torch.randn(requests, 8, 3, generator=generator)
    kinds = torch.randint(2, (requests, 8), generator=generator)
    chosen = torch.multinomial(weighed(said, kinds, PLANTED).softmax(1), 1, generator=generator)
    return said, kinds, torch.zeros(requests, 8).scatter_(1, chosen, 1.0)


def test_planted_weights_are_found():
    found = conditional_logit(*choices(20_000), torch.zeros(2, 3), penalty=1.0)
    torch.testing.assert_close(found, PLANTED, atol=0.05, rtol=0)


@pytest.mark.parametrize("penalty", [0.5, 20.0])
def test_the_optimum_is_that_of_a_slow_search(penalty: float):
    said, kinds, labels = choices(60)
    believed = BELIEVED.flatten().double().numpy()

    def loss(weights: np.ndarray) -> float:
        by_kind = weights.reshape(2, 3)[kinds.numpy()]
        logits = (said.double().numpy() * by_kind).sum(2)
        clicked = (logits * labels.numpy()).sum(1)
        likely = np.log(np.exp(logits).sum(1)) - clicked
        return float(likely.sum() + penalty / 2 * ((weights - believed) ** 2).sum())

    options = {"xatol": 1e-7, "fatol": 1e-10, "maxiter": 20_000, "maxfev": 20_000, "adaptive": True}
    slow = minimize(loss, np.zeros(6), method="Nelder-Mead", options=options).x.reshape(2, 3)
    np.testing.assert_allclose(conditional_logit(said, kinds, labels, BELIEVED, penalty).numpy(), slow, atol=1e-3)


def test_without_rows_and_under_a_heavy_penalty_what_was_believed_stays():
    start = BELIEVED.clone()
    rows = choices(30)
    none = tuple(each[:0] for each in rows)
    torch.testing.assert_close(conditional_logit(*none, start, penalty=1.0), start)
    torch.testing.assert_close(conditional_logit(*rows, start, penalty=1e6), start, atol=1e-3, rtol=0)
    assert (start == BELIEVED).all()
