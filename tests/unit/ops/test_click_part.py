"""Where there is something to learn of clicks, and where there is not."""

from dataclasses import replace
from functools import cache

import numpy as np
import pyarrow as pa
import pytest

from winnow.data.dataset import AT, Dataset
from winnow.data.leave_out import leave_last_out
from winnow.data.shop.shop_spec import spec_of
from winnow.data.shop.simulate import simulate
from winnow.data.split import TimeSplit, split_by_time, train_events
from winnow.features.encoders.vector_cache import VectorCache
from winnow.ops.click_part import training_clicks
from winnow.recipes.recipes import tiny
from winnow.schema.progress import silent
from winnow.training.click_batches import ClickBatches
from winnow.training.contents import encode_contents
from winnow.training.training_set import TrainingSet, training_set


@cache
def shop() -> Dataset:
    return simulate(spec_of("tiny", {"users": 30, "items": 40, "days": 4, "drawn": False}))


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> TrainingSet:
    file = tmp_path_factory.mktemp("vectors") / "vectors.arrow"
    contents = encode_contents(shop(), tiny().encoders, VectorCache(file=file), silent)
    return training_set(shop(), train_events(shop(), cut()), contents, silent)


def cut() -> TimeSplit:
    return split_by_time(shop(), 1.0)


def batches(dataset: Dataset, split, data: TrainingSet) -> ClickBatches | None:
    config = tiny().clicks
    assert config is not None
    return training_clicks(dataset, split, data, config)


def later(dataset: Dataset) -> Dataset:
    """A shop that began to log what it shows when the training time was over."""
    at = dataset.impressions[AT].to_numpy()
    return replace(dataset, impressions=dataset.impressions.filter(pa.array(at >= cut().train_until)))


def test_impressions_of_the_training_time_are_learned_from_and_no_later_ones(data):
    found, at = batches(shop(), cut(), data), shop().impressions[AT].to_numpy()
    np.testing.assert_array_equal(found.rows.at, at[at < cut().train_until])
    assert 0 < len(found.rows) < len(at)
    assert found.shown.last.until == cut().train_until


@pytest.mark.parametrize(
    ("dataset", "split"),
    [
        (lambda: replace(shop(), impressions=None), cut),
        (lambda: replace(shop(), impressions=shop().impressions.slice(0, 0)), cut),
        (lambda: later(shop()), cut),
        (shop, lambda: leave_last_out(shop(), 1)),
    ],
    ids=["no log", "an empty log", "a log that began later", "a split that does not cut time"],
)
def test_there_is_nothing_to_learn_from(data, dataset, split):
    assert batches(dataset(), split(), data) is None
