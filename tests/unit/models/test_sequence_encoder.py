"""The encoder against attention by loops; it looks back and never ahead."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from winnow.models.sequence_encoder import FARTHEST, Block, EncoderSizes, SequenceEncoder
from winnow.schema.errors import RecipeError

DIM, LONGEST = 8, 9


def encoder_of(layers: int = 2, heads: int = 2, dropout: float = 0.5) -> SequenceEncoder:
    """As it is served, and with distances that tell: they start at zero."""
    torch.manual_seed(0)
    encoder = SequenceEncoder(DIM, EncoderSizes(layers=layers, heads=heads, dropout=dropout)).eval()
    for block in encoder.blocks:
        torch.nn.init.normal_(block.distance_HS)
    return encoder


def events_of(batch: int, length: int, seed: int = 1) -> Tensor:
    return torch.randn(batch, length, DIM, generator=torch.Generator().manual_seed(seed))


@torch.inference_mode()
def slow_state(encoder: SequenceEncoder, events: Tensor) -> Tensor:
    """[D], the state behind events [L, D], by loops over layers, heads and places."""
    x = [encoder.start, *events]
    for block in encoder.blocks:
        x = [slow_block(block, x[: place + 1]) for place in range(len(x))]
    return encoder.norm(x[-1])


def slow_block(block: Block, seen: list[Tensor]) -> Tensor:
    """[D], what a block makes of the last of the places that it may see."""
    asked, width = block.before_attention(seen[-1]), DIM // block.heads
    query = block.query(asked)
    pairs = [block.key_value(each) for each in seen]
    heads: list[Tensor] = []
    for head in range(block.heads):
        part = slice(head * width, (head + 1) * width)
        logits = [
            float(query[part] @ pair[:DIM][part]) / math.sqrt(width)
            + float(block.distance_HS[head, min(len(seen) - 1 - place, FARTHEST)])
            for place, pair in enumerate(pairs)
        ]
        shares = torch.tensor(logits).softmax(0)
        heads.append(sum((share * pair[DIM:][part] for share, pair in zip(shares, pairs, strict=True)), torch.zeros(1)))
    y = block.before_layers(seen[-1] + block.joined(torch.cat(heads)))
    return y + block.second(torch.relu(block.first(y)))


@pytest.mark.parametrize(("layers", "heads"), [(1, 1), (1, 4), (3, 2)])
def test_states_are_those_of_attention_by_loops(layers: int, heads: int):
    encoder, events = encoder_of(layers, heads), events_of(2, 4)
    states = encoder(events)
    for row in range(2):
        for length in range(5):
            slow = slow_state(encoder, events[row, :length])
            torch.testing.assert_close(states[row, length], slow, atol=1e-5, rtol=1e-5)


@given(length=st.integers(1, 9), data=st.data())
def test_an_event_changes_no_state_before_it_and_every_one_behind_it(length: int, data: st.DataObject):
    encoder, events = encoder_of(), events_of(3, length)
    place = data.draw(st.integers(0, length - 1))
    changed = events.clone()
    changed[:, place] += 1 + events_of(3, 1, seed=2)[:, 0]
    before, after = encoder(events), encoder(changed)
    assert torch.equal(after[:, : place + 1], before[:, : place + 1])
    assert ((after - before)[:, place + 1 :].abs().amax(dim=2) > 1e-5).all()


def test_no_gradient_reaches_what_came_later():
    encoder, events = encoder_of(), events_of(2, 6).requires_grad_()
    encoder(events)[:, 3].pow(3).sum().backward()
    assert events.grad is not None
    assert (events.grad[:, 3:] == 0).all()
    assert (events.grad[:, :3].abs().amax(dim=2) > 0).all()


@pytest.mark.parametrize(("layers", "heads"), [(1, 1), (2, 1), (1, 4), (2, 2), (3, 4)])
@given(length=st.integers(0, 7), longest=st.integers(10, 12))
def test_the_last_state_is_that_of_all_states_at_its_place(layers: int, heads: int, length: int, longest: int):
    """Service folds keys into queries and values into what mixes them, also where biases are large."""
    encoder, events = encoder_of(layers, heads), events_of(1, length)
    for block in encoder.blocks:
        for layer in (block.query, block.key_value, block.joined, block.second):
            torch.nn.init.normal_(layer.bias)
    torch.testing.assert_close(encoder.last(events[0], longest), encoder(events)[:, -1], atol=1e-5, rtol=1e-5)


def test_where_in_a_window_events_stand_changes_nothing():
    """Only distances count: with the way to what was before closed, the same events later have the same states."""
    encoder, events = encoder_of(layers=1), events_of(2, 4)
    block, blind = encoder.blocks[0], -1e9
    assert isinstance(block, Block)
    with torch.no_grad():
        block.distance_HS[:, 3:] = blind
    later = torch.cat([events_of(2, 5, seed=3), events], dim=1)
    torch.testing.assert_close(encoder(later)[:, 5 + 3 :], encoder(events)[:, 3:], atol=1e-6, rtol=1e-5)
    assert not torch.allclose(encoder(later)[:, 5 + 2], encoder(events)[:, 2], atol=1e-3)


def test_distances_beyond_the_farthest_are_read_as_the_farthest():
    encoder, length = encoder_of(layers=1), FARTHEST + 40
    events = events_of(1, length)
    slow, last = slow_state(encoder, events[0]), encoder.last(events[0], length)
    for state in (encoder(events)[0, -1], last[0]):
        torch.testing.assert_close(state, slow, atol=1e-4, rtol=1e-4)


def test_training_hides_numbers_and_serving_does_not():
    encoder, events = encoder_of(), events_of(2, 5)
    assert torch.equal(encoder(events), encoder(events))
    encoder.train()
    assert not torch.allclose(encoder(events), encoder(events))


def test_every_weight_learns():
    encoder = encoder_of(dropout=0.0).train()
    encoder(events_of(4, 6)).pow(3).sum().backward()
    for name, weight in encoder.named_parameters():
        assert weight.grad is not None, name
        assert weight.grad.abs().sum() > 0, name


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"layers": 0}, "encoder has layers 0; a whole number above 0 is wanted"),
        ({"layers": 1.5}, "encoder has layers 1.5"),
        ({"heads": 0}, "encoder has heads 0"),
        ({"heads": True}, "encoder has heads True"),
        ({"dropout": 1.0}, "encoder has dropout 1.0; from 0 to below 1 is wanted"),
        ({"dropout": -0.1}, "encoder has dropout -0.1"),
        ({"dropout": float("nan")}, "encoder has dropout nan"),
        ({"dropout": "some"}, "encoder has dropout 'some'"),
    ],
)
def test_sizes_that_no_encoder_can_have_are_refused(wrong: dict[str, object], sentence: str):
    with pytest.raises(RecipeError, match=sentence):
        EncoderSizes(**wrong)
