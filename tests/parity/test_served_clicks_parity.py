"""What is served of clicks on impressions is what the trained model says of them, and visits are known as of then."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
import torch

from winnow.data.dataset import AT, ITEM, TYPE, USER
from winnow.data.open_dataset import open_dataset
from winnow.data.split import train_events
from winnow.engine.open_engine import open_engine
from winnow.evaluation.held_impressions import held_impressions
from winnow.evaluation.judge_impressions import judge_impressions
from winnow.evaluation.planted import Planted
from winnow.evaluation.served_clicks import click_stages, page_requests, served_clicks
from winnow.features.columns import columns_of
from winnow.features.encoders.vector_cache import VectorCache
from winnow.features.likeness import RECENT, VISIT_S
from winnow.metrics.binary import auc, logloss, normalised_entropy
from winnow.metrics.grouped_auc import auc_by_group
from winnow.metrics.reliability import calibration_error
from winnow.ops.click_part import training_clicks
from winnow.pipeline.click_hydrators import CLICKS
from winnow.recipes.recipes import tiny
from winnow.schema.errors import DataError
from winnow.schema.feature import Entity
from winnow.schema.progress import silent
from winnow.training.click_batches import ClickBatches
from winnow.training.clicks import train_clicks
from winnow.training.contents import encode_contents
from winnow.training.impression_rows import impression_rows
from winnow.training.training_set import training_set

TOLERANCE = 1e-4
SPLIT_OF = tiny().split


@pytest.fixture(scope="module")
def dataset(shop):
    return open_dataset(shop)


@pytest.fixture(scope="module")
def engine(bundle):
    return open_engine(bundle)


@pytest.fixture(scope="module")
def held(dataset):
    return held_impressions(dataset, SPLIT_OF(dataset))


@pytest.fixture(scope="module")
def trained(dataset, held, tmp_path_factory):
    """Log-odds once looked at, calibrated chances, and those of other outcomes, by what the bundle was written from."""
    config, split = tiny(), SPLIT_OF(dataset)
    cache = VectorCache(file=tmp_path_factory.mktemp("vectors") / "vectors.arrow")
    contents = encode_contents(dataset, config.encoders, cache, silent)
    data = training_set(dataset, train_events(dataset, split), contents, silent)
    batches = training_clicks(dataset, split, data, config.clicks)
    learned = train_clicks(batches, np.arange(len(batches.rows)), config.clicks, config.seed, silent)
    rows = impression_rows(dataset, dataset.impressions, data)
    # A page is asked for at one instant, its impressions are seen one after the other.
    moments = {AT: rows.pages_at, **columns_of(dataset.impressions, ["device_type"])}
    rows = replace(rows, contexts=data.fitted[Entity.CONTEXT].packed(moments, len(rows)))
    late = np.flatnonzero(rows.at >= split.train_until)
    names = np.array(dataset.impressions[USER].to_pylist())
    place = {key: row for row, key in zip(late, keys(names, dataset.impressions, late), strict=True)}
    everything = np.arange(len(held))
    chosen = np.array([place[key] for key in keys(np.array(held.table[USER].to_pylist()), held.table, everything)])
    batches = ClickBatches.of(data, rows, config.clicks, split.train_until)
    logits = learned.logits(batches, chosen)
    with torch.inference_mode():
        after = learned.model.scorer.heads(learned.model.hidden(batches(chosen))).squeeze(1).numpy()
    return logits, learned.calibrator(learned.at_places(logits, rows.positions[chosen])), after


def keys(names, table, rows):
    items, at = np.array(table[ITEM].to_pylist()), table[AT].to_numpy()
    return list(zip(names[rows].tolist(), items[rows].tolist(), at[rows].tolist(), strict=True))


def test_served_log_odds_and_chances_are_those_of_the_trained_model(engine, dataset, held, trained):
    served = served_clicks(engine, dataset, held, silent)
    logits, chances, after = trained
    assert list(served.further) == ["cart", "purchase", "dismiss"]
    np.testing.assert_allclose(np.column_stack([*served.further.values()]), after, rtol=0, atol=TOLERANCE)
    np.testing.assert_allclose(served.scores, logits, rtol=0, atol=TOLERANCE)
    np.testing.assert_allclose(served.chances, chances, rtol=0, atol=TOLERANCE)


def test_served_figures_are_those_of_the_trained_model(engine, dataset, held, trained):
    split = SPLIT_OF(dataset)
    rows, *_ = judge_impressions(engine, dataset, split, Planted.of(dataset, split), silent)
    assert {row.model for row in rows} == {"popular", "winnow", "reference", "oracle"}
    (ours,) = [row for row in rows if (row.model, row.slice) == ("winnow", "all")]
    logits, chances, _ = trained
    assert ours.auc == pytest.approx(auc(held.clicked, logits), abs=TOLERANCE)
    within = auc_by_group(held.clicked, logits, held.visitors).value
    assert ours.auc_within_users == pytest.approx(within, abs=TOLERANCE)
    assert ours.log_loss == pytest.approx(logloss(held.clicked, chances), abs=TOLERANCE)
    assert ours.entropy == pytest.approx(normalised_entropy(held.clicked, chances), abs=TOLERANCE)
    assert ours.calibration_error == pytest.approx(calibration_error(held.clicked, chances), abs=TOLERANCE)
    assert "device_type mobile" in {row.slice for row in rows}


def test_a_visit_is_what_was_clicked_strictly_before_its_page(engine, dataset, held):
    pages = np.arange(len(held.pages_at))[::7]
    requests = page_requests(engine, held, pages)
    for stage in click_stages(engine, dataset).of_requests:
        requests = requests.with_columns(stage.columns(requests))
    found = requests.array("visit")
    clicks = [each for each in dataset.events.to_pylist() if each[TYPE] == "click"]
    row_of = {name: row for row, name in enumerate(engine.catalogue.item_ids)}
    late = SPLIT_OF(dataset).train_until
    of_test = 0
    for page, user_id, at in zip(range(len(pages)), requests.user_ids, requests.at.tolist(), strict=True):
        mine = [each for each in clicks if each[USER] == user_id and at - VISIT_S <= each[AT] < at]
        last = [row_of[each[ITEM]] for each in mine][::-1][:RECENT]
        assert found[page].tolist() == last + [-1] * (RECENT - len(last))
        of_test += any(each[AT] >= late for each in mine)
    assert of_test > 10


def test_the_engine_that_is_judged_learns_nothing(engine, dataset, held):
    served_clicks(engine, dataset, held, silent)
    names = held.table[USER].unique().to_pylist()
    known = engine.state.read(names, np.full(len(names), np.inf)).events
    assert 0 < known.at.values.max() < SPLIT_OF(dataset).train_until


def test_devices_that_training_has_not_seen_are_judged_as_unknown_ones(engine, dataset, held):
    place = held.table.column_names.index("device_type")
    strange, none = (
        replace(held, table=held.table.set_column(place, "device_type", pa.array([value] * len(held), pa.string())))
        for value in ("a fridge", None)
    )
    found = [served_clicks(engine, dataset, each, silent) for each in (strange, none)]
    assert all(np.isfinite(each.scores).all() and (each.chances > 0).all() for each in found)


def test_an_engine_without_clicks_has_no_rows_of_its_own(engine, dataset):
    split = SPLIT_OF(dataset)
    ranking = tuple(each for each in engine.pipeline.ranking if each.name != CLICKS)
    without = replace(engine, pipeline=replace(engine.pipeline, ranking=ranking))
    assert judge_impressions(without, dataset, split, None, silent) == ([], [], [])
    rows, bins, heads = judge_impressions(without, dataset, split, Planted.of(dataset, split), silent)
    assert {row.model for row in rows} == {"popular", "reference", "oracle"}
    assert {each.model for each in bins} == {"reference", "oracle"}
    assert heads == []
    assert judge_impressions(replace(engine, assembly=None), dataset, split, None, silent) == ([], [], [])
    assert judge_impressions(engine, replace(dataset, impressions=None), split, None, silent) == ([], [], [])


def test_where_nothing_is_planted_there_are_winnow_and_popularity(engine, dataset):
    rows, *_ = judge_impressions(engine, dataset, SPLIT_OF(dataset), None, silent)
    assert {row.model for row in rows} == {"popular", "winnow"}
    assert all(not row.shares for row in rows)


def test_an_item_that_the_catalogue_lacks_is_told(engine, dataset, held):
    strange = held.table.set_column(held.table.column_names.index(ITEM), ITEM, pa.array(["none"] * len(held)))
    with pytest.raises(DataError, match="items that were shown, the first 'none'"):
        served_clicks(engine, dataset, replace(held, table=strange), silent)
