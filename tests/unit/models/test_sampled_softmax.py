"""The fused softmax against the plain one, whose gradients torch finds."""

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from winnow.models import sampled_softmax as module
from winnow.models.sampled_softmax import Sample, SampledSoftmax

EXAMPLES, ITEMS, DIM = 23, 17, 5
NOBODY = (torch.empty(0, dtype=torch.int64), torch.empty(0, dtype=torch.int64))


def plain(query: Tensor, items: Tensor, log_chance: Tensor, positive: Tensor, own: Tensor, weight: Tensor) -> Tensor:
    """All logits at once; `own` bool [B, N]."""
    logits = query @ items.T
    right = logits[torch.arange(len(query)), positive]
    wrong = (logits - log_chance).masked_fill(own, float("-inf"))
    wrong = wrong.masked_fill(functional.one_hot(positive, len(items)).bool(), float("-inf"))
    return ((torch.logsumexp(torch.cat([right[:, None], wrong], dim=1), dim=1) - right) * weight).sum()


def case(scale: float = 1.0) -> dict[str, Tensor]:
    draw = torch.Generator().manual_seed(3)
    return {
        "query": torch.randn(EXAMPLES, DIM, generator=draw, dtype=torch.float64) * scale,
        "items": torch.randn(ITEMS, DIM, generator=draw, dtype=torch.float64),
        "log_chance": -torch.rand(ITEMS, generator=draw, dtype=torch.float64),
        "positive": torch.randint(ITEMS, (EXAMPLES,), generator=draw),
        "own": torch.rand(EXAMPLES, ITEMS, generator=draw) < 0.2,
        "weight": torch.rand(EXAMPLES, generator=draw, dtype=torch.float64),
    }


def fused(given: dict[str, Tensor]) -> Tensor:
    sample = Sample(log_chance=given["log_chance"], own=torch.nonzero(given["own"], as_tuple=True))
    return SampledSoftmax.apply(*(given[name] for name in ("query", "items", "positive", "weight")), sample)


@pytest.mark.parametrize("at_once", [1, ITEMS * 4, ITEMS * EXAMPLES, 1 << 20])
def test_loss_and_gradients_are_those_of_the_plain_one_in_any_chunks(monkeypatch: pytest.MonkeyPatch, at_once: int):
    monkeypatch.setattr(module, "LOGITS_AT_ONCE", at_once)
    given = case()
    for name in ("query", "items"):
        given[name].requires_grad_()
    wanted = torch.autograd.grad(plain(**given) * 3, [given["query"], given["items"]])
    loss = fused(given)
    torch.testing.assert_close(loss, plain(**given))
    for found, right in zip(torch.autograd.grad(loss * 3, [given["query"], given["items"]]), wanted, strict=True):
        torch.testing.assert_close(found, right)


def test_with_the_whole_catalogue_it_is_the_cross_entropy():
    given = case()
    ones = torch.ones(EXAMPLES, dtype=torch.float64)
    sample = Sample(log_chance=torch.zeros(ITEMS, dtype=torch.float64), own=NOBODY)
    loss = SampledSoftmax.apply(given["query"], given["items"], given["positive"], ones, sample)
    logits = given["query"] @ given["items"].T
    torch.testing.assert_close(loss, functional.cross_entropy(logits, given["positive"], reduction="sum"))


def test_large_logits_do_not_overflow():
    given = case(scale=1e4)
    loss = fused(given)
    torch.testing.assert_close(loss, plain(**given))
    assert torch.isfinite(loss)


def test_an_item_of_ones_own_has_no_influence():
    given = case()
    given["own"][:] = False
    given["own"][:, 7] = True
    louder = {**given, "items": given["items"].clone()}
    louder["items"][7] *= 50
    others = given["positive"] != 7
    for each in (given, louder):
        each["weight"] = given["weight"] * others
    torch.testing.assert_close(fused(louder), fused(given))


def test_where_everything_else_is_ones_own_the_loss_is_zero_and_nothing_is_learned():
    given = case()
    given["own"][:] = True
    for name in ("query", "items"):
        given[name].requires_grad_()
    loss = fused(given)
    assert loss.item() == pytest.approx(0, abs=1e-12)
    for gradient in torch.autograd.grad(loss, [given["query"], given["items"]]):
        torch.testing.assert_close(gradient, torch.zeros_like(gradient))
