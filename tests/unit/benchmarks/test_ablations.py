"""What each ablation takes away, and that it takes away nothing else."""

from dataclasses import replace

import pytest

from benchmarks.ablations import ablations
from winnow.data.open_dataset import open_dataset
from winnow.recipes.recipes import tiny
from winnow.schema.feature import Entity, Kind
from winnow.training.interactions import interactions_of


@pytest.fixture(scope="module")
def variants(shop):
    return ablations(open_dataset(shop), replace(tiny(), ranking=None))


def read_of(dataset, entity):
    return [each.name for each in dataset.schema.of(entity) if each.transform is not None]


def test_each_leaves_out_what_it_is_called_after(variants):
    whole, config = variants["whole"]
    data, _ = variants["without_history"]
    assert data.schema.history.types == ()
    assert not interactions_of(data.events, data.items, data.schema).history_end.any()
    data, _ = variants["without_context"]
    assert read_of(whole, Entity.CONTEXT)
    assert not read_of(data, Entity.CONTEXT)
    data, _ = variants["without_content"]
    kinds = {each.kind for each in data.schema.of(Entity.ITEM) if each.transform is not None}
    assert not kinds & {Kind.TEXT, Kind.IMAGE}
    assert {Kind.ID, Kind.CATEGORY} <= kinds
    retrieval = {name: each.retrieval for name, (_, each) in variants.items()}
    sampled = replace(config.retrieval, full_softmax_up_to=0)
    assert retrieval["sampled"] == sampled
    assert retrieval["sampled_without_logq"] == replace(sampled, logq=False)
    assert retrieval["in_batch_only"] == replace(sampled, uniform_negatives=0)


def test_nothing_else_changes(variants):
    whole, config = variants["whole"]
    for name, (data, recipe) in variants.items():
        assert data.events is whole.events
        assert data.items is whole.items
        if name.startswith("without"):
            assert recipe == config
        else:
            assert data is whole
