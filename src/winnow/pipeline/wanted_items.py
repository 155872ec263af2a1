"""Which items a caller wants to choose from."""

from collections.abc import Mapping, Sequence
from reprlib import repr as shortened
from typing import Any

import numpy as np

from winnow.pipeline.catalogue import Catalogue
from winnow.schema.column import Bools
from winnow.schema.errors import RequestError


def wanted_items(catalogue: Catalogue, filters: Mapping[str, Any], allow: Sequence[str] | None = None) -> Bools:
    """bool [I], items that pass all filters and, where there is a list of ids, are on it.

    Args:
        catalogue: the items.
        filters: by name of a filterable feature, JSON values: of a category or an id the list of those wanted, of a
            number or a time an object with `min`, `max` or both, which are included. What an item lacks never fits.
        allow: outside names; unknown ones are passed over. None leaves all.

    Raises:
        RequestError: the catalogue has no such feature, or a value is not what its feature takes.
    """
    wanted = np.ones(len(catalogue), bool)
    for name, value in filters.items():
        if name not in catalogue.filters:
            has = ", ".join(catalogue.filters) or "none; mark features of items as filterable in the schema, and train"
            raise RequestError(f"Items cannot be filtered by '{name[:60]}'; the bundle that answers has: {has}.")
        try:
            wanted &= catalogue.filters[name].fitting(value)
        except ValueError as error:
            raise RequestError(f"The filter '{name}' is {shortened(value)}; {error}.") from error
    if allow is not None:
        rows = catalogue.rows(allow)
        listed = np.zeros(len(catalogue), bool)
        listed[rows[rows >= 0]] = True
        wanted &= listed
    return wanted
