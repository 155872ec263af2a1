"""What every size and rate of a recipe has to be."""

import math
from collections.abc import Iterable

from winnow.schema.errors import RecipeError


def check_positive(part: str, config: object, names: Iterable[str]) -> None:
    """Raises RecipeError for the first of the named fields that is not a finite number above 0."""
    for name in names:
        value = getattr(config, name)
        if not (math.isfinite(value) and value > 0):
            raise RecipeError(f"The recipe's {part} has {name} {value}; a finite number above 0 is wanted.")
