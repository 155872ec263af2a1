"""What a recipe says of reranking, in a shop of eight items: item-0 is the most popular, even ones are red."""

from dataclasses import dataclass, replace

import numpy as np
import pytest

from tests.unit.pipeline.tables import lists, requests_of
from tests.unit.serving.small_engine import counting_engine
from winnow.engine.reranking import rescoring, selector_of
from winnow.pipeline.pipeline_config import PipelineConfig
from winnow.pipeline.reranking_config import RerankingConfig
from winnow.pipeline.selectors import ScoreSelector
from winnow.pipeline.stage import hydrate_stage
from winnow.schema.errors import RecipeError

ENGINE = counting_engine()
DAY_S = 86400.0


def answered(config, *, engine=ENGINE, k=5, at=0.0, further=None):
    """Items by number, and the answer, of a path whose score falls from 8 by one an item."""
    stock = engine.stock
    path = replace(
        engine.pipeline,
        ranking=(*engine.pipeline.ranking, *rescoring(stock, config, further)),
        selector=selector_of(stock.catalogue, config),
    )
    answer = path(replace(requests_of(["ann"], k=k), at=np.array([at])))
    return answer.item_rows.tolist(), answer


def rules(**settings):
    return PipelineConfig(reranking=RerankingConfig(**settings))


def test_by_default_nothing_stands_behind_the_score():
    assert rescoring(ENGINE.stock, PipelineConfig()) == ()
    assert selector_of(ENGINE.catalogue, PipelineConfig()) == ScoreSelector()
    assert answered(PipelineConfig())[0] == [0, 1, 2, 3, 4]


def test_caps_give_way_only_for_the_last_places_and_the_trace_counts_them():
    found, answer = answered(rules(caps={"colour": 2}), k=6)
    assert found == [0, 1, 2, 3, 4, 5]
    assert dict(answer.trace.stages[-1].rules) == {"pin": 0, "over_cap": 2}
    assert all(not stage.rules for stage in answer.trace.stages[:-1])
    assert answered(rules(caps={"colour": 1}), k=2)[0] == [0, 1]


def test_pins_stand_where_the_recipe_says_if_the_item_may_be_shown():
    found, answer = answered(rules(pins={"item-3": 1, "item-7": 2, "gone": 3}))
    assert found == [3, 0, 1, 2, 4]
    assert dict(answer.trace.stages[-1].rules) == {"pin": 1, "over_cap": 0}


def test_promotions_are_added_to_the_score_and_are_a_row_of_the_trace():
    found, answer = answered(rules(promotions={"item-4": 2.5, "gone": 9.0}))
    assert found == [0, 1, 4, 2, 3]
    assert answer.scores.tolist() == [8, 7, 6.5, 6, 5]
    assert [stage.name for stage in answer.trace.stages][-3:] == ["rank", "promotion", "select"]


def test_what_is_new_is_raised_by_half_after_each_half_life():
    counts = replace(ENGINE.stock.counts, first_at=np.array([0.0] * 4 + [np.inf] + [0.0] * 3))
    engine = replace(ENGINE, stock=replace(ENGINE.stock, counts=counts))
    found, answer = answered(rules(freshness=4.0, freshness_half_life_days=2.0), engine=engine, at=2 * DAY_S)
    assert found == [0, 1, 2, 4, 3]
    assert answer.scores.tolist() == [10, 9, 8, 8, 7]


FURTHER = ("cart", "purchase", "dismiss")
CHANCES = np.array([[0.1, 0.05, 0.0]] * 4 + [[0.6, 0.5, 0.0]] + [[0.1, 0.05, 0.3]] * 3, np.float32)
"""By item: item-4 is bought after every second click, and those behind it are dismissed."""


@dataclass(frozen=True)
class Known:
    """Every item is clicked by one in ten, and then what follows has these chances."""

    def columns(self, requests, candidates):
        clicks = np.full((len(candidates), 3), np.log(0.1), np.float32)
        return {"clicks": clicks, "after": CHANCES[candidates.item_rows]}


def knowing():
    known = hydrate_stage("clicks", Known())
    return replace(ENGINE, pipeline=replace(ENGINE.pipeline, ranking=(*ENGINE.pipeline.ranking, known)))


def test_where_a_purchase_is_worth_more_what_is_bought_ranks_higher_and_the_trace_has_a_row_of_it():
    config = rules(worth={"click": 1, "cart": 3, "purchase": 100})
    found, answer = answered(config, engine=knowing(), further=FURTHER)
    assert found == [0, 1, 4, 2, 3]
    worth = 1 + 3 * CHANCES[found, 0] + 100 * CHANCES[found, 1]
    np.testing.assert_allclose(answer.scores, 8 - np.array(found) + np.log(worth), rtol=1e-6)
    assert [stage.name for stage in answer.trace.stages][-4:] == ["rank", "clicks", "worth", "select"]


def test_a_dismissal_weighs_for_each_click_and_worth_comes_before_what_is_promoted():
    config = rules(worth={"click": 1, "dismiss": -0.3}, promotions={"item-5": 4.0})
    _, answer = answered(config, engine=knowing(), further=FURTHER, k=6)
    assert answer.scores[answer.item_rows == 5] == pytest.approx(3 + np.log(1 - 0.3 * 0.3 / 0.1) + 4, rel=1e-5)
    assert [stage.name for stage in answer.trace.stages][-3:] == ["worth", "promotion", "select"]


def test_worth_without_a_click_model_is_a_sentence():
    with pytest.raises(RecipeError, match="the bundle has no click model to say how likely they are; train it with"):
        rescoring(ENGINE.stock, rules(worth={"click": 1, "purchase": 10}))


@pytest.mark.parametrize(("further", "known"), [(("dismiss",), "dismiss"), ((), "nothing")])
def test_worth_of_what_the_bundle_cannot_tell_is_a_sentence(further, known):
    with pytest.raises(RecipeError, match=f"what 'cart' is worth, and besides clicks .* the chances of: {known}. Take"):
        rescoring(ENGINE.stock, rules(worth={"click": 1, "cart": 10}), further)


def test_freshness_needs_to_know_when_items_were_first_had():
    with pytest.raises(RecipeError, match="does not know when items were first had; train it again, or set"):
        rescoring(replace(ENGINE.stock, counts=None), rules(freshness=1.0))


@pytest.mark.parametrize("name", ["price", "brand"])
def test_a_cap_on_what_is_no_filterable_category_is_a_sentence(name):
    with pytest.raises(RecipeError, match=f"a cap on '{name}', and the bundle has the values of: colour. Cap one"):
        selector_of(ENGINE.catalogue, rules(caps={name: 1}))


@pytest.mark.parametrize("select", ["mmr", "dpp"])
def test_diversity_is_weighed_against_relevance_within_the_limits_of_the_recipe(select):
    tower = np.eye(8, dtype=np.float32)
    tower[1] = tower[0]
    catalogue = replace(ENGINE.catalogue, tower=tower)
    engine = replace(ENGINE, stock=replace(ENGINE.stock, catalogue=catalogue))
    config = PipelineConfig(select=select, reranking=RerankingConfig(diversity=0.5, diversity_limits=(0.0, 0.5)))
    found, answer = answered(config, engine=engine, k=2)
    assert found == [0, 2]
    assert [stage.name for stage in answer.trace.stages][-3:] == ["rank", "relevance", "select"]
    plain = replace(config, reranking=replace(config.reranking, diversity=0.0))
    assert answered(plain, engine=engine, k=2)[0] == [0, 1]


def test_all_rules_together_still_give_k_items():
    config = PipelineConfig(
        select="sample",
        reranking=RerankingConfig(caps={"colour": 1}, pins={"item-3": 2}, promotions={"item-5": 1.0}, freshness=1.0),
    )
    for k in range(9):
        found, answer = answered(config, k=k)
        assert len(set(found)) == len(found) == min(k, 7)
        assert lists(answer.propensities, answer.offsets)[0][1:2] == ([1.0] if k > 1 else [])
