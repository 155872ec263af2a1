"""What only the order, the kinds or the times of events tell is found; the mean of a history does not know it."""

import numpy as np
import pytest

from tests.unit.training.planted_order import CHANCE, ITEMS, VIEWS, Plant, order_sets
from winnow.models.sequence_encoder import EncoderSizes
from winnow.training.item_dropout import ItemDropout
from winnow.training.progress import silent
from winnow.training.retrieval import item_vectors, query_vectors, train_retrieval
from winnow.training.retrieval_config import RetrievalConfig

CONFIG = RetrievalConfig(
    dim=16,
    encoder=EncoderSizes(layers=1, dropout=0.0),
    epochs=20,
    batch_size=128,
    learning_rate=1e-2,
    dropout=ItemDropout(ids=0, content=0),
)


@pytest.mark.parametrize("plant", ["last", "cart", "pause"])
def test_the_event_that_counts_is_found_among_all_that_were_viewed(plant: Plant):
    data, whole, held = order_sets(plant)
    towers = train_retrieval(data, CONFIG, seed=0, progress=silent)
    vectors = item_vectors(data, towers.item)
    best = np.argmax(query_vectors(whole, towers, vectors, held) @ vectors.T, axis=1)
    assert len(held) == 160
    assert (best == whole.interactions.items[held]).mean() > 0.8


@pytest.mark.parametrize("plant", ["last", "cart", "pause"])
def test_nobody_who_knows_but_the_items_of_a_history_can_be_right_as_often(plant: Plant):
    """The control: in histories of the same items, purchases are spread over all of the last visit."""
    _, whole, held = order_sets(plant)
    past = whole.interactions.past(held, VIEWS)
    viewed = whole.interactions.history_items[past.values].reshape(-1, VIEWS)
    hits = (viewed + (plant == "last")) % ITEMS == whole.interactions.items[held][:, None]
    assert (hits.sum(axis=1) == 1).all()
    order = np.argsort(viewed, axis=1)
    by_item = np.take_along_axis(hits, order, axis=1).mean(axis=0)
    assert by_item.max() < CHANCE + 0.1
