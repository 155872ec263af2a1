"""Shipped recipes, and recipes that users write."""

import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from winnow.pipeline.pipeline_config import PipelineConfig
from winnow.recipes.recipes import RECIPES, load_recipe, retail
from winnow.schema.errors import EncoderError, RecipeError
from winnow.training.contents import EncodersConfig
from winnow.training.ranking import RankingConfig
from winnow.training.retrieval import RetrievalConfig

OWN = """
from dataclasses import replace

from winnow.pipeline.pipeline_config import PipelineConfig
from winnow.recipes.recipes import tiny

QUOTA = 99


def mine():
    return replace(tiny(), name="mine", pipeline=PipelineConfig(ann_quota=QUOTA))


def unfinished():
    return {"name": "unfinished"}


def broken():
    return QUOTA / 0


def refused():
    return PipelineConfig(ann_quota=-1)


def wants(more):
    return tiny()


number = 7
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    file = tmp_path / "my recipes.py"
    file.write_text(OWN, encoding="utf-8")
    return file


@pytest.mark.parametrize("name", RECIPES)
def test_every_shipped_recipe_goes_through_json_and_its_pipeline_comes_back(name: str):
    config = load_recipe(name)
    assert config.name == name
    plain = json.loads(json.dumps(asdict(config)))
    assert PipelineConfig.from_dict(plain["pipeline"]) == config.pipeline
    assert plain["retrieval"]["dim"] == config.retrieval.dim
    assert load_recipe(name) == config


def test_the_ranker_of_retail_is_not_smaller_than_the_published_one():
    """Embeddings of 64, bottom 128 and 64, top 128, 64 and 32."""
    config = retail()
    assert config.ranking is not None
    sizes = config.ranking.sizes
    assert sizes.dim >= 64
    for given, published in (((*sizes.bottom, sizes.dim), (128, 64)), (sizes.top, (128, 64, 32))):
        assert len(given) >= len(published)
        assert all(one >= other for one, other in zip(given, published, strict=False))


def test_the_sequential_recipes_differ_in_the_validation_item_alone():
    first, refit = load_recipe("sequential"), load_recipe("sequential_refit")
    assert (first.leave_out, refit.leave_out) == (2, 1)
    assert replace(refit, name=first.name, leave_out=2) == first


def test_a_file_of_ones_own_gives_a_recipe(own: Path):
    config = load_recipe(f"{own}:mine")
    assert (config.name, config.pipeline.ann_quota, config.retrieval) == ("mine", 99, load_recipe("tiny").retrieval)


def test_an_unknown_name_is_answered_with_the_known_ones():
    with pytest.raises(RecipeError, match=f"There is no recipe 'retial'; there are: {', '.join(RECIPES)}, or your own"):
        load_recipe("retial")


def test_a_file_without_a_function_is_told_how_to_name_one(own: Path):
    with pytest.raises(RecipeError, match=r"your own as path/to/file\.py:function"):
        load_recipe(str(own))


@pytest.mark.parametrize(
    ("function", "message"),
    [
        ("theirs", "my recipes.py has no function 'theirs'; a recipe is a function that returns a Config"),
        ("number", "my recipes.py has no function 'number'"),
        ("", "my recipes.py has no function ''"),
        ("unfinished", "'unfinished' in .*my recipes.py returned a dict; a recipe returns a Config"),
        ("broken", "my recipes.py:broken failed with ZeroDivisionError: division by zero"),
        ("wants", r"my recipes.py:wants failed with TypeError: wants\(\) missing 1 required positional argument"),
        ("refused", "The quota of the source 'ann' is -1"),
    ],
)
def test_what_is_wrong_in_ones_own_file_is_said(own: Path, function: str, message: str):
    with pytest.raises(RecipeError, match=message):
        load_recipe(f"{own}:{function}")


def test_a_fault_in_ones_own_code_keeps_its_cause(own: Path):
    with pytest.raises(RecipeError) as caught:
        load_recipe(f"{own}:broken")
    assert isinstance(caught.value.__cause__, ZeroDivisionError)


def test_a_missing_file_is_named(tmp_path: Path):
    with pytest.raises(RecipeError, match=r"There is no file .*absent\.py"):
        load_recipe(f"{tmp_path / 'absent.py'}:mine")


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("def mine(:", "failed with SyntaxError: .*line 1"),
        ("import nowhere_to_be_found", "failed with ModuleNotFoundError: No module named 'nowhere_to_be_found'"),
        ("raise ValueError('not today')", "failed with ValueError: not today"),
    ],
)
def test_a_file_that_cannot_run_is_said_to_fail(tmp_path: Path, source: str, message: str):
    file = tmp_path / "own.py"
    file.write_text(source, encoding="utf-8")
    with pytest.raises(RecipeError, match=message):
        load_recipe(f"{file}:mine")


@pytest.mark.parametrize(
    "wrong", [{"dim": 0}, {"dim": -8}, {"epochs": 0}, {"epochs": 1.5}, {"batch_size": "many"}, {"learning_rate": 0.0}]
)
def test_sizes_and_rates_of_retrieval_are_above_zero(wrong):
    with pytest.raises(RecipeError, match=f"retrieval has {next(iter(wrong))}"):
        RetrievalConfig(**wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        {"negatives": -1},
        {"requests": 0},
        {"epochs": 0},
        {"learning_rate": float("nan")},
        {"wide_penalty": 0},
        {"weight_decay": -0.1},
    ],
)
def test_sizes_and_rates_of_ranking_are_above_zero(wrong):
    with pytest.raises(RecipeError, match=f"ranking has {next(iter(wrong))}"):
        RankingConfig(**wrong)


@pytest.mark.parametrize(
    ("encoders", "sentence"),
    [
        ({"text": "words"}, "'words' is no encoder of texts; there are: embedded, sentence-bert, clip"),
        ({"image": "sentence-bert"}, "'sentence-bert' is no encoder of pictures; there are: embedded, clip"),
        ({"image": "embedded:x"}, "'embedded' has no weights"),
        ({"text": "clip:"}, "No model stands behind the colon"),
    ],
)
def test_encoders_that_do_not_exist_are_refused_when_they_are_named(encoders: dict[str, str], sentence: str):
    with pytest.raises(EncoderError, match=sentence):
        EncodersConfig(**encoders)
