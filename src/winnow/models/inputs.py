"""What a model reads of one entity."""

from collections.abc import Mapping
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """Widths of one entity's packed arrays.

    Attributes:
        codes: cardinality of each categorical column.
        values: how many number columns.
        vectors: width of each content vector by feature name.
        ids: places among the codes of those that name the very user or item.
    """

    codes: tuple[int, ...]
    values: int
    vectors: Mapping[str, int]
    ids: tuple[int, ...] = ()


def told_places(inputs: Inputs) -> list[int]:
    """Places of the codes that do not name the very user or item."""
    return [place for place in range(len(inputs.codes)) if place not in inputs.ids]


def without_ids(inputs: Inputs) -> Inputs:
    """The same without the columns that name the very user or item."""
    return replace(inputs, codes=tuple(inputs.codes[place] for place in told_places(inputs)), ids=())
