"""What every size and rate of a recipe has to be."""

import math
from collections.abc import Iterable
from dataclasses import fields
from typing import TYPE_CHECKING

from winnow.schema.errors import RecipeError

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def check_positive(part: str, config: "DataclassInstance", names: Iterable[str]) -> None:
    """Raises RecipeError for the first of the named fields that is not a finite number above 0, whole where an int."""
    types = {each.name: each.type for each in fields(config)}
    for name in names:
        value, is_size = getattr(config, name), types[name] is int
        wanted, number = ("whole", int) if is_size else ("finite", int | float)
        if not (isinstance(value, number) and math.isfinite(value) and value > 0):
            raise RecipeError(f"The recipe's {part} has {name} {value!r}; a {wanted} number above 0 is wanted.")
