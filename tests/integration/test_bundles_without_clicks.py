"""Bundles that know nothing of clicks: of a recipe without them, and of a program that had none."""

from dataclasses import replace

import numpy as np
import pytest

from tests.unit.bundle.small_bundle import forge, raw_manifest
from tests.unit.pipeline.tables import requests_of
from winnow.bundle.bundle import Bundle
from winnow.data.shop.shop_spec import spec_of
from winnow.data.shop.simulate import simulate
from winnow.engine.engine import Engine
from winnow.engine.open_engine import open_engine
from winnow.ops.train import train
from winnow.pipeline.click_hydrators import CLICKS
from winnow.recipes.recipes import tiny
from winnow.training.progress import silent


@pytest.fixture(scope="module")
def silent_of_clicks(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    shop, recipe = simulate(spec_of("tiny", {"drawn": False, "users": 100, "days": 8})), tiny()
    assert shop.impressions is not None
    hasty = replace(
        recipe,
        clicks=None,
        retrieval=replace(recipe.retrieval, epochs=1),
        ranking=replace(recipe.ranking, requests=300, epochs=1),
    )
    return train(shop, hasty, tmp_path_factory.mktemp("silent") / "bundle", silent)


def answers(engine: Engine) -> np.ndarray:
    asked = replace(requests_of(["u00001", "u00002", "nobody"], k=10), at=np.full(3, 4e9))
    answer = engine.pipeline(asked)
    assert answer.offsets.tolist() == [0, 10, 20, 30]
    assert not {"visit", "person", CLICKS} & {row.name for row in answer.trace.stages}
    return answer.item_rows


def test_a_recipe_without_clicks_makes_a_ranker_that_asks_for_none(silent_of_clicks: Bundle):
    assert silent_of_clicks.has("ranker")
    assert not silent_of_clicks.has(CLICKS)
    assert not {"click_auc", "click_entropy"} & silent_of_clicks.manifest.training_metrics.keys()
    engine = open_engine(silent_of_clicks.path)
    assert engine.assembly.ranker.width(CLICKS) is None
    assert not engine.stock.known
    answers(engine)


def test_a_bundle_from_before_there_were_clicks_opens_and_answers_and_takes_items(silent_of_clicks: Bundle):
    """Its recipe does not know the word."""
    expected = answers(open_engine(silent_of_clicks.path))
    recipe = raw_manifest(silent_of_clicks.path)["recipe"]
    forge(silent_of_clicks.path, recipe={name: each for name, each in recipe.items() if name != "clicks"})
    engine = open_engine(silent_of_clicks.path)
    np.testing.assert_array_equal(answers(engine), expected)
    answers(engine.with_items({"quite new": {}}).without([engine.catalogue.item_ids[0]]))
