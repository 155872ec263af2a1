import json
import math
from dataclasses import asdict

import pytest

from winnow.pipeline.pipeline_config import PipelineConfig
from winnow.schema.errors import RecipeError


def test_a_config_comes_back_from_json_as_it_was():
    config = PipelineConfig(ann_quota=3, popular_quota=2, seen_types=("click",), select="sample", temperature=0.5)
    assert PipelineConfig.from_dict(json.loads(json.dumps(asdict(config)))) == config


def test_what_is_not_said_has_its_default():
    assert PipelineConfig.from_dict({}) == PipelineConfig()


def test_an_unknown_setting_is_refused_with_the_known_ones():
    with pytest.raises(RecipeError, match="no 'quota'; it has: ann_quota, popular_quota"):
        PipelineConfig.from_dict({"quota": 3})


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ({"ann_quota": 0}, r"they are 0 \(ann\) and 20 \(popular\)"),
        ({"popular_quota": -1}, r"300 \(ann\) and -1 \(popular\)"),
        ({"select": "best"}, "select is 'best'; it is 'score' or 'sample'"),
        ({"temperature": 0.0}, "temperature is 0.0; it is a finite number above 0"),
        ({"temperature": -1.0}, "temperature is -1.0"),
        ({"temperature": math.nan}, "temperature is nan"),
        ({"temperature": math.inf}, "temperature is inf"),
    ],
)
def test_a_setting_out_of_range_is_refused(setting, message):
    with pytest.raises(RecipeError, match=message):
        PipelineConfig(**setting)
