import json
import math
from dataclasses import asdict

import pytest

from winnow.pipeline.pipeline_config import PipelineConfig
from winnow.pipeline.reranking_config import RerankingConfig
from winnow.schema.errors import RecipeError


def test_a_config_comes_back_from_json_as_it_was():
    rules = RerankingConfig(
        diversity=0.4,
        diversity_limits=(0.2, 0.6),
        explore_limits=(0.1, 2.0),
        caps={"brand": 2},
        freshness=0.5,
        freshness_half_life_days=3,
        promotions={"a": 1.5},
        worth={"click": 1, "purchase": 10.5, "dismiss": -2},
        pins={"b": 1, "c": 4},
    )
    config = PipelineConfig(select="dpp", reranking=rules)
    assert PipelineConfig.from_dict(json.loads(json.dumps(asdict(config)))) == config


def test_an_old_recipe_has_no_rules():
    rules = PipelineConfig.from_dict({"select": "sample", "temperature": 0.5}).reranking
    assert rules == RerankingConfig()
    assert (rules.caps, rules.pins, rules.promotions, rules.worth, rules.freshness) == ({}, {}, {}, {}, 0)


def test_an_unknown_setting_is_refused_with_the_known_ones():
    with pytest.raises(RecipeError, match="reranking of a recipe has no 'cap'; it has: caps, diversity, "):
        PipelineConfig.from_dict({"reranking": {"cap": {"brand": 2}}})


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ({"diversity": 1.1}, "diversity is 1.1 with the limits 0.0 and 1.0; numbers from 0 to 1 are wanted"),
        ({"diversity": math.nan}, "diversity is nan"),
        ({"diversity_limits": (0.5, 1.0)}, "diversity is 0.3 with the limits 0.5 and 1.0"),
        ({"diversity_limits": (-0.5, 1.0)}, "limits -0.5 and 1.0"),
        ({"explore_limits": (-0.5, 1.0)}, "limits of exploring are -0.5 and 1.0; two finite numbers from 0 are wanted"),
        ({"explore_limits": (1.0, 0.5)}, "the lesser one first"),
        ({"explore_limits": (0.0, math.inf)}, "limits of exploring are 0.0 and inf"),
        ({"caps": {"brand": 0}}, "The cap of 'brand' is 0; it is a whole number from 1"),
        ({"caps": {"brand": 1.5}}, "The cap of 'brand' is 1.5"),
        ({"caps": {"brand": True}}, "The cap of 'brand' is True"),
        ({"pins": {"a": 0}}, "The pin of 'a' is 0; it is a whole number from 1"),
        ({"pins": {"a": 2, "b": 2}}, "Two items are pinned to place 2; give each pin a place of its own"),
        ({"promotions": {"a": math.inf}}, "The promotion of 'a' is inf; it is a finite number"),
        ({"freshness": math.nan}, "The freshness is nan; it is a finite number"),
        ({"worth": {"click": 1, "buy": 3}}, "what 'buy' is worth; the outcomes are: click, cart, purchase, dismiss."),
        ({"worth": {"click": 1, "view": 3}}, "what 'view' is worth"),
        ({"worth": {"click": 1, "cart": math.inf}}, "The worth of 'cart' is inf; it is a finite number"),
        ({"worth": {"click": 1, "cart": "3"}}, "The worth of 'cart' is '3'; it is a finite number"),
        ({"worth": {"click": 1, "cart": True}}, "The worth of 'cart' is True; it is a finite number"),
        ({"worth": {"cart": 3}}, "what outcomes are worth, and a click 0; give 'click' a number above 0, which"),
        ({"worth": {"click": 0.0}}, "and a click 0.0; give 'click' a number above 0"),
        ({"worth": {"click": -1, "cart": 3}}, "and a click -1; give"),
        ({"freshness_half_life_days": 0.0}, "half-life of freshness is 0.0 days; it is a finite number above 0"),
    ],
)
def test_a_setting_out_of_range_is_refused(setting, message):
    with pytest.raises(RecipeError, match=message):
        RerankingConfig(**setting)
