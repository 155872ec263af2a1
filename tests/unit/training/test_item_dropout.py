"""What training hides of items: stated shares, each draw for itself, and nothing else."""

import numpy as np
import pytest

from tests.unit.training.planted import ITEMS, NEW_ITEMS, planted_dataset
from winnow.schema.errors import RecipeError
from winnow.schema.feature import Entity
from winnow.schema.transform import UNKNOWN_CODE
from winnow.training.item_dropout import ItemDropout
from winnow.training.training_set import TrainingSet, training_set

KNOWN = ITEMS - NEW_ITEMS


@pytest.fixture(scope="module")
def data() -> TrainingSet:
    dataset = planted_dataset()
    return training_set(dataset, dataset.events)


@pytest.mark.parametrize("shape", [(KNOWN * 100,), (KNOWN * 10, 10)])
def test_ids_and_content_are_hidden_as_often_as_stated_and_apart_from_each_other(
    data: TrainingSet, shape: tuple[int, ...]
):
    rows = np.resize(np.arange(KNOWN), shape)
    dropout, whole = ItemDropout(ids=0.3, content=0.2), data.item_arrays(rows)
    shown = dropout(data, data.item_arrays(rows), np.random.default_rng(0))
    (column,) = data.id_columns(Entity.ITEM)
    assert data.fitted[Entity.ITEM].outputs[column].name == "item_id"
    no_id = shown["item_codes"][..., column] == UNKNOWN_CODE
    no_picture = ~shown["item_vector_picture"].any(axis=-1)
    assert no_id.mean() == pytest.approx(0.3, rel=0.1)
    assert no_picture.mean() == pytest.approx(0.2, rel=0.1)
    assert (no_id & no_picture).mean() == pytest.approx(0.06, rel=0.2)
    np.testing.assert_array_equal(shown["item_codes"][~no_id], whole["item_codes"][~no_id])
    np.testing.assert_array_equal(shown["item_vector_picture"][~no_picture], whole["item_vector_picture"][~no_picture])
    others = np.delete(np.arange(whole["item_codes"].shape[-1]), column)
    np.testing.assert_array_equal(shown["item_codes"][..., others], whole["item_codes"][..., others])
    np.testing.assert_array_equal(shown["item_values"], whole["item_values"])


def test_the_data_itself_is_left_as_it_was(data: TrainingSet):
    codes, pictures = data.items.codes.copy(), data.items.vectors["picture"].copy()
    ItemDropout(ids=0.9, content=0.9)(data, data.item_arrays(np.arange(ITEMS)), np.random.default_rng(0))
    np.testing.assert_array_equal(data.items.codes, codes)
    np.testing.assert_array_equal(data.items.vectors["picture"], pictures)


def test_nothing_is_hidden_where_nothing_is_to_be(data: TrainingSet):
    whole = data.item_arrays(np.arange(ITEMS))
    shown = ItemDropout(ids=0, content=0)(data, data.item_arrays(np.arange(ITEMS)), np.random.default_rng(0))
    for name, array in whole.items():
        np.testing.assert_array_equal(shown[name], array)


def test_items_that_training_never_saw_have_no_id_of_their_own(data: TrainingSet):
    (column,) = data.id_columns(Entity.ITEM)
    unknown = data.items.codes[:, column] == UNKNOWN_CODE
    assert unknown.tolist() == [False] * KNOWN + [True] * NEW_ITEMS
    assert data.known_items.tolist() == list(range(KNOWN))


@pytest.mark.parametrize("share", [-0.1, 1, 1.5, float("nan"), "half"])
def test_a_share_that_is_none_is_refused(share: object):
    with pytest.raises(RecipeError, match="dropout of content is"):
        ItemDropout(content=share)
