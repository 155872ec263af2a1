"""What users do, told to Feast while they do it."""
# pyright: standard
# Arrow tells no types.

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from winnow.stores.feast_repository import FeastRepository
from winnow.stores.feature_table import FeatureTable


@dataclass(frozen=True, slots=True, kw_only=True)
class FeastWindows:
    """Tells both stores of a repository.

    Attributes:
        repository: knows the tables.
        tables: live ones, by raw context column.
    """

    repository: FeastRepository
    tables: Mapping[str, FeatureTable]

    def forget(self, names: Mapping[str, float]) -> None:
        """Takes them out of both stores, as `FeastRepository.forget` does."""
        self.repository.forget(names)

    def push(self, user_ids: Sequence[str], columns: Mapping[str, Sequence[str | None]], at: float) -> None:
        """Says what holds from now on.

        Args:
            user_ids: N different names.
            columns: by raw context column, N values each; an absent column is missing.
            at: now, UTC seconds.

        Raises:
            Unavailable: not all of it is known to both stores; tell it again, at whatever time.
        """
        for name, table in self.tables.items():
            values = pa.array(columns.get(name, [None] * len(user_ids)), pa.string())
            self.repository.push(table, pa.table({table.key: pa.array(user_ids, pa.string()), name: values}), at)
