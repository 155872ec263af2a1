"""What a step holds against its positives, and how likely it was to be there."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from tests.unit.training.visits import ITEMS, Visit, schema_of, table_of
from winnow.schema.column import Array
from winnow.training.interactions import interactions_of
from winnow.training.negatives import Negatives, positives_of_users
from winnow.training.retrieval_config import RetrievalConfig

SHARE = np.array([0.5, 0.0, 0.3, 0.15, 0.05, 0.0], np.float32)
KNOWN = np.array([0, 2, 3, 4])
SAMPLED = RetrievalConfig(full_softmax_up_to=0, uniform_negatives=3)


def negatives(config: RetrievalConfig) -> Negatives:
    return Negatives(config=config, known=KNOWN, share=torch.from_numpy(SHARE))


def positives(generator: np.random.Generator, size: int = 5) -> Array:
    return generator.choice(len(SHARE), size, p=SHARE.astype(np.float64) / SHARE.sum(dtype=np.float64))


@pytest.mark.parametrize("uniform", [0, 3])
def test_the_stated_chance_of_an_item_is_how_often_it_is_in_the_sample(uniform: int):
    draw, generator, trials = negatives(replace(SAMPLED, uniform_negatives=uniform)), np.random.default_rng(0), 3000
    counted, stated = np.zeros(len(SHARE)), np.zeros(len(SHARE))
    for _ in range(trials):
        rows, log_chance = draw(positives(generator), generator)
        assert rows.tolist() == sorted(set(rows.tolist()))
        counted[rows] += 1
        stated[rows] = log_chance.exp().numpy()
    np.testing.assert_allclose(counted / trials, stated, atol=0.03)
    assert (counted[[1, 5]] == 0).all()


def test_all_positives_of_the_batch_are_in_the_sample():
    generator = np.random.default_rng(1)
    clicked = positives(generator)
    rows, _ = negatives(SAMPLED)(clicked, generator)
    assert set(clicked.tolist()) <= set(rows.tolist()) <= set(KNOWN.tolist())


@pytest.mark.parametrize(("up_to", "whole"), [(3, False), (4, True), (5, True)])
def test_a_catalogue_up_to_the_stated_size_is_the_sample_as_a_whole(up_to: int, whole: bool):
    draw = negatives(replace(SAMPLED, full_softmax_up_to=up_to, uniform_negatives=1))
    rows, log_chance = draw(np.array([0]), np.random.default_rng(0))
    assert (rows.tolist() == KNOWN.tolist()) == whole
    assert (log_chance == 0).all() == whole


def test_without_the_correction_every_chance_is_said_to_be_one():
    rows, log_chance = negatives(replace(SAMPLED, logq=False))(np.array([0, 2]), np.random.default_rng(0))
    assert log_chance.tolist() == [0.0] * len(rows)


def test_gbce_draws_uniformly_and_leaves_the_batch_alone():
    draw, generator, trials = negatives(replace(SAMPLED, loss="gbce")), np.random.default_rng(0), 2000
    counted = np.zeros(len(SHARE))
    for _ in range(trials):
        counted[draw(np.array([0] * 50), generator)[0]] += 1
    np.testing.assert_allclose(counted[KNOWN] / trials, 1 - 0.75**3, atol=0.03)


def test_a_users_positives_are_each_item_once():
    visits = [
        Visit("ann", 3, "click", 1.0),
        Visit("bob", 0, "click", 2.0),
        Visit("ann", 1, "click", 3.0),
        Visit("ann", 3, "click", 4.0),
        Visit("cy", 2, "view", 5.0),
    ]
    found = interactions_of(table_of(visits), ITEMS, schema_of(("click",), ("click",)))
    own = positives_of_users(found)
    assert {name: own.row(row).tolist() for row, name in enumerate(found.user_ids)} == {
        "ann": [1, 3],
        "bob": [0],
        "cy": [],
    }


def test_nobody_has_positives_where_there_are_none():
    found = interactions_of(table_of([]), ITEMS, schema_of(("click",), ("click",)))
    assert len(positives_of_users(found)) == 0
