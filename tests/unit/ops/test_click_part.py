"""Where there is something to learn of clicks, and where there is not."""

from dataclasses import replace
from functools import cache

import numpy as np
import pyarrow as pa
import pytest

from winnow.data.arrow_compute import pc
from winnow.data.dataset import AT, PROPENSITY, Dataset
from winnow.data.leave_out import leave_last_out
from winnow.data.shop.shop_spec import spec_of
from winnow.data.shop.simulate import simulate
from winnow.data.split import TimeSplit, split_by_time, train_events
from winnow.features.encoders.vector_cache import VectorCache
from winnow.ops.click_part import check_propensities, training_clicks
from winnow.recipes.config import Config
from winnow.recipes.recipes import tiny
from winnow.schema.errors import DataError
from winnow.schema.progress import silent
from winnow.training.click_batches import ClickBatches
from winnow.training.clicks_config import ClicksConfig
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


def weighed(cap: float | None = 5.0) -> Config:
    return Config(name="weighed", clicks=ClicksConfig(propensity_cap=cap))


def with_propensities(of_training: float | None) -> Dataset:
    """Those of the time after the training are known in any case."""
    is_earlier = pa.array(shop().impressions[AT].to_numpy() < cut().train_until)
    column = pc.if_else(is_earlier, pa.scalar(of_training, pa.float64()), pa.scalar(0.5))
    bare = shop().impressions
    bare = bare.drop_columns([PROPENSITY]) if PROPENSITY in bare.column_names else bare
    return replace(shop(), impressions=bare.append_column(PROPENSITY, column))


def test_weights_without_a_propensity_are_refused_before_any_work():
    number = int((shop().impressions[AT].to_numpy() < cut().train_until).sum())
    without = replace(with_propensities(0.1), impressions=with_propensities(0.1).impressions.drop_columns([PROPENSITY]))
    for dataset in (with_propensities(None), without):
        with pytest.raises(DataError, match=f"propensity_cap 5, and of {number:,} impressions none has a known"):
            check_propensities(dataset, cut(), weighed())
        check_propensities(dataset, cut(), weighed(None))
        check_propensities(dataset, leave_last_out(shop(), 1), weighed())
    check_propensities(with_propensities(0.1), cut(), weighed())
    check_propensities(replace(shop(), impressions=None), cut(), weighed())


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
