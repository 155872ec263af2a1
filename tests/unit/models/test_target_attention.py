"""Attention of candidates to events, against a plain loop."""

import pytest
import torch

from winnow.models.target_attention import KEY, UNITS, TargetAttention

DIM = 5


@pytest.fixture(autouse=True)
def _seed() -> None:
    torch.manual_seed(0)


def attended_slowly(attention, query, events, present):
    """Event by event: the outer product of candidate and event goes through one hidden layer to a weight."""
    pooled = torch.zeros(*query.shape[:2], DIM)
    for b, c, place in torch.cartesian_prod(*(torch.arange(n) for n in (*query.shape[:2], events.shape[1]))).tolist():
        if not present[b, place]:
            continue
        key, value = events[b, place, :KEY], events[b, place, KEY:]
        slopes = attention.units(query[b, c]).view(UNITS, KEY)
        hidden = torch.stack([(slopes[unit] * key).sum().clamp(min=0) for unit in range(UNITS)])
        pooled[b, c] += (attention.weight.weight[0] * hidden).sum() * value
    return pooled


@pytest.mark.parametrize(("candidates", "length"), [(1, 1), (4, 7), (3, 1)])
def test_it_is_what_a_loop_over_events_gives(candidates: int, length: int):
    attention = TargetAttention()
    query, events = torch.randn(2, candidates, KEY), torch.randn(2, length, KEY + DIM)
    present = (torch.rand(2, length) < 0.6).float()
    torch.testing.assert_close(
        attention(query, events, present), attended_slowly(attention, query, events, present), atol=1e-5, rtol=1e-5
    )


@pytest.mark.parametrize("length", [0, 3])
def test_without_events_it_is_zero(length: int):
    pooled = TargetAttention()(torch.randn(2, 4, KEY), torch.randn(2, length, KEY + DIM), torch.zeros(2, length))
    assert torch.equal(pooled, torch.zeros(2, 4, DIM))


def test_twice_the_events_say_twice_as_much():
    attention, query, events = TargetAttention(), torch.randn(2, 4, KEY), torch.randn(2, 3, KEY + DIM)
    once = attention(query, events, torch.ones(2, 3))
    twice = attention(query, torch.cat([events, events], dim=1), torch.ones(2, 6))
    torch.testing.assert_close(twice, 2 * once)
