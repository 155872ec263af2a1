"""A recipe's parts fit together, or it is refused."""

from dataclasses import replace

import pytest

from winnow.models.dlrm import DlrmSizes
from winnow.recipes.config import Config
from winnow.schema.errors import RecipeError
from winnow.training.ranking import RankingConfig
from winnow.training.retrieval import RetrievalConfig


def test_a_ranker_of_another_width_than_the_towers_is_refused():
    with pytest.raises(RecipeError, match="In the recipe 'mine' the towers have dim 32 and the ranker has dim 64"):
        Config(name="mine", retrieval=RetrievalConfig(dim=32))


def test_a_recipe_without_a_ranker_may_have_towers_of_any_width():
    assert Config(name="mine", retrieval=RetrievalConfig(dim=32), ranking=None).ranking is None


def test_a_variant_is_checked_as_well():
    small = Config(name="mine", retrieval=RetrievalConfig(dim=32), ranking=RankingConfig(sizes=DlrmSizes(dim=32)))
    with pytest.raises(RecipeError, match="give both the same"):
        replace(small, retrieval=RetrievalConfig(dim=16))


@pytest.mark.parametrize("seed", [-1, 0.5])
def test_a_seed_that_no_generator_takes_is_refused(seed):
    with pytest.raises(RecipeError, match=f"'mine' has the seed {seed}; a whole number from 0"):
        Config(name="mine", seed=seed)
