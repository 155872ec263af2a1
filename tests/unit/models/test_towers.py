"""The two towers: unit length, and one meaning of a history in training and in serving."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor
from torch.nn import functional

from winnow.models.inputs import Inputs
from winnow.models.towers import ItemTower, QueryTower

DIM = 8
NOTHING = Inputs(codes=(), values=0, vectors={})
USER = Inputs(codes=(6, 3), values=2, vectors={})
CONTEXT = Inputs(codes=(4,), values=3, vectors={})
ITEM = Inputs(codes=(9, 4), values=2, vectors={"picture": 5, "words": 3})
SHAPES = [(USER, CONTEXT), (NOTHING, CONTEXT), (USER, NOTHING), (NOTHING, NOTHING)]


def arrays(name: str, inputs: Inputs, batch: int) -> dict[str, Tensor]:
    codes = [torch.randint(size, (batch,), dtype=torch.int32) for size in inputs.codes]
    made = {f"{name}_codes": torch.stack(codes, dim=1)} if codes else {}
    made |= {f"{name}_values": torch.randn(batch, inputs.values)} if inputs.values else {}
    return made | {f"{name}_vector_{key}": torch.randn(batch, width) for key, width in inputs.vectors.items()}


def request_arrays(user: Inputs, context: Inputs, batch: int) -> dict[str, Tensor]:
    return {**arrays("user", user, batch), **arrays("context", context, batch)}


def padded(lists: list[list[int]], items: Tensor, padding: float) -> dict[str, Tensor]:
    width = max(1, *map(len, lists))
    vectors, present = torch.full((len(lists), width, DIM), padding), torch.zeros(len(lists), width)
    for row, places in enumerate(lists):
        vectors[row, : len(places)] = items[places]
        present[row, : len(places)] = 1
    return {"history_vectors": vectors, "history_present": present}


@pytest.fixture(autouse=True)
def seed() -> None:
    torch.manual_seed(0)


@pytest.mark.parametrize(
    "inputs",
    [
        ITEM,
        Inputs(codes=(7,), values=0, vectors={}),
        Inputs(codes=(), values=2, vectors={}),
        Inputs(codes=(), values=0, vectors={"picture": 5}),
    ],
)
def test_the_item_tower_gives_unit_vectors_whatever_features_there_are(inputs: Inputs):
    vectors = ItemTower(inputs, DIM)(arrays("item", inputs, 20))
    assert vectors.shape == (20, DIM)
    torch.testing.assert_close(vectors.norm(dim=1), torch.ones(20))


def test_every_feature_of_an_item_moves_its_vector():
    tower = ItemTower(ITEM, DIM)
    given = arrays("item", ITEM, 1)
    given["item_codes"] = torch.zeros(1, 2, dtype=torch.int32)
    before = tower(given)
    for name in given:
        changed = {**given, name: given[name] + 1}
        assert not torch.allclose(tower(changed), before, atol=1e-4), name


@pytest.mark.parametrize(("user", "context"), SHAPES)
def test_the_query_tower_gives_unit_vectors_whatever_features_there_are(user: Inputs, context: Inputs):
    tower = QueryTower(user, context, DIM)
    history = padded([[0, 1], [], [2]], torch.randn(3, DIM), padding=0.0)
    query, pooled = tower({**request_arrays(user, context, 3), **history})
    assert query.shape == pooled.shape == (3, DIM)
    torch.testing.assert_close(query.norm(dim=1), torch.ones(3))
    assert (pooled[1] == 0).all()


@pytest.mark.parametrize(("user", "context"), SHAPES)
@given(lists=st.lists(st.lists(st.integers(0, 5), max_size=7), min_size=1, max_size=5))
def test_serving_gathers_and_training_pools_and_both_give_the_same_query(
    user: Inputs, context: Inputs, lists: list[list[int]]
):
    """Law 2: training takes the means of histories in one pass and never makes what the exported tower takes."""
    torch.manual_seed(1)
    tower = QueryTower(user, context, DIM)
    items = functional.normalize(torch.randn(6, DIM), dim=1)
    request = request_arrays(user, context, len(lists))
    flat = torch.tensor([place for places in lists for place in places], dtype=torch.int64)
    starts = torch.tensor([0, *map(len, lists)])[:-1].cumsum(0)
    means = functional.embedding_bag(flat, items, starts, mode="mean")
    any_history = torch.tensor([[float(bool(places))] for places in lists])
    query, pooled = tower({**request, **padded(lists, items, padding=0.0)})
    torch.testing.assert_close(pooled, means)
    torch.testing.assert_close(query, tower.of_pooled(request, means, any_history))


def test_padding_has_no_influence():
    tower = QueryTower(USER, CONTEXT, DIM)
    request, items, lists = request_arrays(USER, CONTEXT, 3), torch.randn(4, DIM), [[0, 1, 2], [3], []]
    zeros = padded(lists, items, padding=0.0)
    wider = {name: functional.pad(each, (0, 0, 0, 9) if each.ndim == 3 else (0, 9)) for name, each in zeros.items()}
    for other in (padded(lists, items, padding=-3.5), wider):
        torch.testing.assert_close(tower({**request, **other}), tower({**request, **zeros}))


def test_a_user_with_a_history_of_zero_vectors_is_not_a_user_without_a_history():
    tower = QueryTower(NOTHING, NOTHING, DIM)
    with_history, _ = tower({"history_vectors": torch.zeros(1, 1, DIM), "history_present": torch.ones(1, 1)})
    without, _ = tower({"history_vectors": torch.zeros(1, 1, DIM), "history_present": torch.zeros(1, 1)})
    assert not torch.allclose(with_history, without, atol=1e-4)


def test_requests_of_one_batch_do_not_touch_each_other():
    tower = QueryTower(USER, CONTEXT, DIM)
    batch = {**request_arrays(USER, CONTEXT, 4), **padded([[0], [1, 2], [], [3]], torch.randn(4, DIM), padding=0.0)}
    together, _ = tower(batch)
    for row in range(4):
        alone, _ = tower({name: each[row : row + 1] for name, each in batch.items()})
        torch.testing.assert_close(alone[0], together[row])
