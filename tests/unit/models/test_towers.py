"""The two towers: which inputs move their vectors, and one meaning of a history in training and in serving."""

from collections.abc import Mapping

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor
from torch.nn import functional

from tests.unit.models.histories import Past, padded
from winnow.models.inputs import Inputs
from winnow.models.sequence_encoder import EncoderSizes
from winnow.models.towers import ItemTower, QueryTower

DIM = 8
NOTHING = Inputs(codes=(), values=0, vectors={})
USER = Inputs(codes=(6, 3), values=2, vectors={})
CONTEXT = Inputs(codes=(4,), values=3, vectors={})
ITEM = Inputs(codes=(9, 4), values=2, vectors={"picture": 5, "words": 3}, ids=(0,))
SIZES = EncoderSizes(layers=2, heads=2, dropout=0.3)
SHAPES = [(USER, CONTEXT), (NOTHING, CONTEXT), (USER, NOTHING), (NOTHING, NOTHING)]


def arrays(name: str, inputs: Inputs, batch: int) -> dict[str, Tensor]:
    codes = [torch.randint(size, (batch,), dtype=torch.int32) for size in inputs.codes]
    made = {f"{name}_codes": torch.stack(codes, dim=1)} if codes else {}
    made |= {f"{name}_values": torch.randn(batch, inputs.values)} if inputs.values else {}
    return made | {f"{name}_vector_{key}": torch.randn(batch, width) for key, width in inputs.vectors.items()}


def request_arrays(user: Inputs, context: Inputs, batch: int) -> dict[str, Tensor]:
    return {**arrays("user", user, batch), **arrays("context", context, batch)}


@pytest.fixture(autouse=True)
def seed() -> None:
    torch.manual_seed(0)


@pytest.mark.parametrize(
    "inputs",
    [
        ITEM,
        Inputs(codes=(7,), values=0, vectors={}),
        Inputs(codes=(7,), values=0, vectors={}, ids=(0,)),
        Inputs(codes=(), values=2, vectors={}),
        Inputs(codes=(), values=0, vectors={"picture": 5}),
    ],
)
def test_the_item_tower_gives_vectors_whatever_features_there_are(inputs: Inputs):
    vectors = ItemTower(inputs, DIM)(arrays("item", inputs, 20))
    assert vectors.shape == (20, DIM)
    assert torch.isfinite(vectors).all()
    assert (vectors.norm(dim=1) > 0).all()


def test_every_feature_of_an_item_moves_its_vector():
    tower = ItemTower(ITEM, DIM)
    given = arrays("item", ITEM, 1)
    given["item_codes"] = torch.zeros(1, 2, dtype=torch.int32)
    before = tower(given)
    for name in given:
        changed = {**given, name: given[name] + 1}
        assert not torch.allclose(tower(changed), before, atol=1e-4), name


def test_an_id_is_added_to_what_an_item_is_like_without_changing_it():
    tower, given = ItemTower(ITEM, DIM), arrays("item", ITEM, 6)
    codes = given["item_codes"].clone()
    codes[:, 0] = 2
    ids = tower.ids.table.weight
    moved = tower({**given, "item_codes": codes}) - tower(given)
    torch.testing.assert_close(moved, ids[2] - ids[given["item_codes"][:, 0].long()], atol=1e-6, rtol=0)


def tower_of(user: Inputs, context: Inputs) -> QueryTower:
    """As it is served, and without the numbers that start at zero."""
    tower = QueryTower(user, context, DIM, SIZES, 12).eval()
    for block in tower.encoder.blocks:
        torch.nn.init.normal_(block.distance_HS)
    for weight in (tower.gaps.mix.weight, tower.types.weight, tower.head.straight.weight, tower.head.out.weight):
        torch.nn.init.normal_(weight, std=0.3)
    return tower


LISTS = [[Past(0, 1, 300.0), Past(1, 0, 20.0)], [], [Past(2, 2, 5.0)]]


@pytest.mark.parametrize(("user", "context"), SHAPES)
def test_the_query_tower_gives_vectors_whatever_features_there_are(user: Inputs, context: Inputs):
    items = torch.randn(3, DIM)
    query, mean, moment = tower_of(user, context)({**request_arrays(user, context, 3), **padded(LISTS, items)})
    assert query.shape == mean.shape == moment.shape == (3, DIM)
    assert torch.isfinite(query).all()
    torch.testing.assert_close(mean, torch.stack([(items[0] + items[1]) / 2, torch.zeros(DIM), items[2]]))


HISTORIES = st.lists(
    st.lists(st.builds(Past, st.integers(0, 5), st.integers(0, 3), st.floats(0, 1e9)), max_size=7).map(
        lambda events: sorted(events, key=lambda event: -event.age)
    ),
    min_size=1,
    max_size=5,
)


@pytest.mark.parametrize(("user", "context"), SHAPES)
@settings(max_examples=30)
@given(histories=HISTORIES, now=st.floats(1, 2e9))
def test_every_prefix_that_training_reads_at_once_is_a_history_that_serving_reads_alone(
    user: Inputs, context: Inputs, histories: list[list[Past]], now: float
):
    """Law 2: training encodes a whole history once; serving meets each prefix of it as a request of its own."""
    torch.manual_seed(1)
    tower, items = tower_of(user, context), functional.normalize(torch.randn(6, DIM), dim=1)
    whole, batch = padded(histories, items), len(histories)
    events = tower.events(whole["history_vectors"], whole["history_types"], now - whole["history_ages"])
    states = tower.encoder(events)
    request = request_arrays(user, context, batch)
    for length in range(max(map(len, histories)) + 1):
        prefixes = [events[:length] for events in histories]
        # The moment of asking is 10 s after the last event of the prefix.
        asked_at = [events[-1].age - 10.0 if events else 0.0 for events in prefixes]
        prefixes = [
            [event._replace(age=event.age - at) for event in events]
            for events, at in zip(prefixes, asked_at, strict=True)
        ]
        served, mean, _ = tower({**request, **padded(prefixes, items)})
        state = states[torch.arange(batch), torch.tensor([len(events) for events in prefixes])]
        last_age = torch.tensor([10.0 if events else 0.0 for events in prefixes])
        torch.testing.assert_close(tower.of_state(request, state, mean, last_age), served, atol=1e-5, rtol=0)
        for place, prefix in enumerate(prefixes):
            alone = {**{name: each[[place]] for name, each in request.items()}, **padded([prefix], items)}
            query, *_ = tower.served(alone if prefix else without_events(alone))
            torch.testing.assert_close(query[0], served[place], atol=1e-5, rtol=0)


def without_events(arrays: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {name: each[:, :0] if name.startswith("history_") else each for name, each in arrays.items()}


def test_seconds_between_events_are_known_however_long_ago_they_were():
    """The states, which know the gaps and not the ages, are those of events of right now."""
    tower, items = tower_of(NOTHING, NOTHING), functional.normalize(torch.randn(2, DIM), dim=1)
    states: list[Tensor] = []
    for years in (0.0, 3e8):
        given = padded([[Past(0, 1, years + gap), Past(1, 1, years)] for gap in (0.5, 2.0, 5.0)], items)
        events = tower.events(given["history_vectors"], given["history_types"], -given["history_ages"])
        states.append(tower.encoder(events)[:, -1])
    torch.testing.assert_close(states[0], states[1], atol=1e-5, rtol=0)
    assert (states[0].diff(dim=0).norm(dim=1) > 0.01).all()


def test_padding_has_no_influence():
    tower = tower_of(USER, CONTEXT)
    request, items = request_arrays(USER, CONTEXT, 3), torch.randn(4, DIM)
    plain = padded(LISTS, items)
    wider = {name: functional.pad(each, (0, 0, 0, 9) if each.ndim == 3 else (0, 9)) for name, each in plain.items()}
    for other in (padded(LISTS, items, padding=-3.5), padded(LISTS, items, padding=2.0), wider):
        torch.testing.assert_close(tower({**request, **other}), tower({**request, **plain}))


def test_a_user_with_a_history_of_zero_vectors_is_not_a_user_without_a_history():
    tower, zeros = tower_of(NOTHING, NOTHING), torch.zeros(1, DIM)
    with_history, *_ = tower(padded([[Past(0, 0, 0.0)]], zeros))
    without, *_ = tower(padded([[]], zeros))
    assert not torch.allclose(with_history, without, atol=1e-4)


@pytest.mark.parametrize(
    "other",
    [
        [Past(1, 1, 100.0), Past(0, 0, 50.0), Past(2, 2, 10.0)],
        [Past(0, 2, 100.0), Past(1, 0, 50.0), Past(2, 2, 10.0)],
        [Past(0, 1, 100.0), Past(1, 0, 99.0), Past(2, 2, 10.0)],
        [Past(0, 1, 190.0), Past(1, 0, 140.0), Past(2, 2, 100.0)],
        [Past(1, 0, 50.0), Past(2, 2, 10.0)],
    ],
    ids=["order", "type", "gap", "age", "one event less"],
)
def test_order_types_gaps_and_age_move_the_query(other: list[Past]):
    tower, items = tower_of(NOTHING, NOTHING), functional.normalize(torch.randn(3, DIM), dim=1)
    history = [Past(0, 1, 100.0), Past(1, 0, 50.0), Past(2, 2, 10.0)]
    (query, moved), *_ = tower(padded([history, other], items))
    assert not torch.allclose(query, moved, atol=1e-3)


def test_every_feature_of_a_request_moves_its_query():
    tower, given = tower_of(USER, CONTEXT), request_arrays(USER, CONTEXT, 1)
    given |= {name: torch.zeros_like(array) for name, array in given.items() if name.endswith("codes")}
    history = padded([[Past(0, 0, 1.0)]], torch.randn(1, DIM))
    before, *_ = tower({**given, **history})
    for name in given:
        after, *_ = tower({**given, **history, name: given[name] + 1})
        assert not torch.allclose(after, before, atol=1e-4), name


def test_the_moment_is_what_of_a_query_is_not_of_the_history():
    tower, items = tower_of(USER, CONTEXT), torch.randn(3, DIM)
    here, there = request_arrays(USER, CONTEXT, 3), request_arrays(USER, CONTEXT, 3)
    history = padded(LISTS, items)
    one, _, moment = tower({**here, **history})
    other, _, other_moment = tower({**there, **history})
    torch.testing.assert_close(one - other, moment - other_moment)
    elsewhere = padded([[event._replace(item=2) for event in events] for events in LISTS], items)
    torch.testing.assert_close(tower({**here, **elsewhere})[2], moment)


def test_requests_of_one_batch_do_not_touch_each_other():
    tower = tower_of(USER, CONTEXT)
    batch = {**request_arrays(USER, CONTEXT, 3), **padded(LISTS, torch.randn(3, DIM))}
    together, *_ = tower(batch)
    for row in range(3):
        alone, *_ = tower({name: each[row : row + 1] for name, each in batch.items()})
        torch.testing.assert_close(alone[0], together[row])
