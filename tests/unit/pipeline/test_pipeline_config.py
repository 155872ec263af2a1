import json
import math
from dataclasses import asdict

import pytest

from winnow.pipeline.pipeline_config import PipelineConfig
from winnow.pipeline.reranking_config import RerankingConfig
from winnow.schema.errors import RecipeError

QUOTAS = [f"{name}_quota" for name in PipelineConfig().quotas]


def test_a_quota_of_zero_turns_a_source_off_and_old_recipes_are_read():
    config = PipelineConfig.from_dict({"ann_quota": 300, "popular_quota": 20, "fresh_quota": 0})
    assert (config.quotas["ann"], config.quotas["popular"], config.quotas["fresh"]) == (300, 20, 0)


def test_a_config_comes_back_from_json_as_it_was():
    config = PipelineConfig(ann_quota=3, popular_quota=2, seen_types=("click",), select="sample", temperature=0.5)
    assert PipelineConfig.from_dict(json.loads(json.dumps(asdict(config)))) == config


def test_what_is_not_said_has_its_default():
    assert PipelineConfig.from_dict({}) == PipelineConfig()


@pytest.mark.parametrize(
    ("select", "limits"), [("score", None), ("sample", None), ("mmr", (0.1, 0.4)), ("dpp", (0.1, 0.4))]
)
def test_a_request_may_ask_for_diversity_where_the_selector_knows_it(select, limits):
    rules = RerankingConfig(diversity_limits=(0.1, 0.4))
    assert PipelineConfig(select=select, reranking=rules).diversity_limits == limits


def test_an_unknown_setting_is_refused_with_the_known_ones():
    with pytest.raises(RecipeError, match="no 'quota'; it has: ann_quota, category_quota, "):
        PipelineConfig.from_dict({"quota": 3})


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ({"ann_quota": -1}, "The quota of the source 'ann' is -1; it is 0 for none, or more"),
        ({"popular_quota": -2}, "'popular' is -2"),
        (dict.fromkeys(QUOTAS, 0), "Every source has the quota 0; give one to at least one source"),
        ({"select": "best"}, "select is 'best'; it is one of 'score', 'sample', 'mmr', 'dpp'"),
        ({"temperature": 0.0}, "temperature is 0.0; it is a finite number above 0"),
        ({"temperature": -1.0}, "temperature is -1.0"),
        ({"temperature": math.nan}, "temperature is nan"),
        ({"temperature": math.inf}, "temperature is inf"),
    ],
)
def test_a_setting_out_of_range_is_refused(setting, message):
    with pytest.raises(RecipeError, match=message):
        PipelineConfig(**setting)


def test_a_share_of_retrieval_turns_no_source_off_and_none_on():
    config = PipelineConfig(ann_quota=200, fresh_quota=3, own_quota=0)
    less = config.retrieving(0.1)
    assert (less["ann"], less["fresh"], less["own"]) == (20, 1, 0)
    assert config.retrieving(1.0) == config.quotas
