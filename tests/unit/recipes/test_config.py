"""A recipe's parts fit together, or it is refused."""

import pytest

from winnow.recipes.config import Config
from winnow.schema.errors import RecipeError


@pytest.mark.parametrize("seed", [-1, 0.5])
def test_a_seed_that_no_generator_takes_is_refused(seed):
    with pytest.raises(RecipeError, match=f"'mine' has the seed {seed}; a whole number from 0"):
        Config(name="mine", seed=seed)
