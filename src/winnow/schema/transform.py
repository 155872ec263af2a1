"""How a raw column becomes model input. Declared here; fitted and applied in the room `features`.

Codes of every categorical output: 0 missing, 1 unknown (out of vocabulary), 2 and up known values.
Every number output carries a companion `<name>_missing` (1.0 where missing, the value then being 0.0).
"""

import math
from dataclasses import dataclass
from itertools import pairwise

from winnow.schema.errors import SchemaError

MISSING_CODE = 0
UNKNOWN_CODE = 1
FIRST_CODE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """Codes by frequency (ties by value); values seen fewer than `min_count` times are unknown."""

    min_count: int = 1
    max_size: int | None = None

    def __post_init__(self) -> None:
        _at_least_one(min_count=self.min_count, max_size=self.max_size)


@dataclass(frozen=True, slots=True, kw_only=True)
class HashBuckets:
    """Codes by a stable 64-bit hash modulo `buckets`; nothing is unknown, values may collide."""

    buckets: int

    def __post_init__(self) -> None:
        _at_least_one(buckets=self.buckets)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standardise:
    """(x - mean) / standard deviation of the training rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogStandardise:
    """Standardise after ln(1 + x); negative values are an error."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucketise:
    """Codes by rising `edges`: x below the first edge gets code 2, each edge reached adds one."""

    edges: tuple[float, ...]

    def __post_init__(self) -> None:
        edges = tuple(float(edge) for edge in self.edges)
        object.__setattr__(self, "edges", edges)
        if not edges or not all(map(math.isfinite, edges)) or any(low >= high for low, high in pairwise(edges)):
            raise SchemaError(f"The edges {list(edges)} do not rise; wanted are finite numbers, each above the last.")


@dataclass(frozen=True, slots=True, kw_only=True)
class CyclicalHour:
    """Sine and cosine of the UTC hour of an instant (fraction of the hour included)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CyclicalWeekday:
    """Sine and cosine of the UTC weekday of an instant, Monday first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PassThrough:
    """A vector that the user brings, scaled to unit length; missing is the zero vector."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextVector:
    """Words to a unit vector, by the recipe's encoder of texts; no words known is the zero vector.

    The embedded encoder, TF-IDF and truncated SVD, knows at most `max_words`, the most frequent ones. The vectors of
    any other are projected to `width`, as those of pictures are.

    Source: Deerwester et al., Indexing by latent semantic analysis, 1990.
    """

    width: int = 64
    max_words: int = 20_000

    def __post_init__(self) -> None:
        _at_least_one(width=self.width, max_words=self.max_words)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageVector:
    """A picture to a unit vector, by the recipe's encoder of pictures, projected to `width` principal components.

    No picture, or one that cannot be read, is the zero vector.
    """

    width: int = 64

    def __post_init__(self) -> None:
        _at_least_one(width=self.width)


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """The last `length` items of a user's events of the given types, oldest first, as item-tower vectors."""

    length: int = 50
    types: tuple[str, ...] = ("view", "click", "cart", "purchase")

    def __post_init__(self) -> None:
        _at_least_one(length=self.length)


Transform = (
    Vocabulary
    | HashBuckets
    | Standardise
    | LogStandardise
    | Bucketise
    | CyclicalHour
    | CyclicalWeekday
    | PassThrough
    | TextVector
    | ImageVector
    | History
)


def _at_least_one(**numbers: int | None) -> None:
    for name, number in numbers.items():
        if number is not None and number < 1:
            raise SchemaError(f"'{name}' is {number}; at least 1 is wanted.")
