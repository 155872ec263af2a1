"""How many codes the categories of a table of clicks may have."""

from dataclasses import asdict, dataclass

from winnow.schema.errors import SchemaError


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryLimits:
    """The same for every column.

    Attributes:
        min_count: training rows that a value needs for a code of its own, at least 1.
        max_size: most values of a column that have codes of their own, at least 1.
        tail_buckets: codes of a column that all its other values share by their hash, at least 1.
    """

    min_count: int = 10
    max_size: int = 1_000_000
    tail_buckets: int = 1_000

    def __post_init__(self) -> None:
        for name, limit in asdict(self).items():
            if limit < 1:
                raise SchemaError(f"'{name}' is {limit}; at least 1 is wanted.")
