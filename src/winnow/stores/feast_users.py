"""User features from Feast's online store."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from winnow.schema.errors import Unavailable
from winnow.stores.back_off import BackOff
from winnow.stores.feast_repository import FeastRepository
from winnow.stores.feature_table import FeatureTable

BACK_OFF_S = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class FeastUsers:
    """Asks once for all users of a batch. After a failure nobody waits for a while; then one tries it for all.

    Attributes:
        repository: where they are.
        table: names the columns.
    """

    repository: FeastRepository
    table: FeatureTable
    back_off: BackOff = field(default_factory=lambda: BackOff(BACK_OFF_S))

    def rows(self, user_ids: Sequence[str]) -> Sequence[Mapping[str, Any] | None]:
        asked = list(dict.fromkeys(user_id for user_id in user_ids if user_id))
        if not asked:
            return [None] * len(user_ids)
        left_s = self.back_off.left_s()
        if left_s > 0:
            raise Unavailable(f"Feast did not answer; nobody asks it for {left_s:.2f} s.")
        try:
            found = dict(zip(asked, self.repository.online(self.table, asked), strict=True))
        except Unavailable:
            self.back_off.failed()
            raise
        self.back_off.succeeded()
        # The name itself may be a feature.
        rows = [found.get(user_id) for user_id in user_ids]
        return [
            None if row is None else {**row, self.table.key: user_id}
            for user_id, row in zip(user_ids, rows, strict=True)
        ]

    def forget(self, names: Mapping[str, float]) -> tuple[int, int]:
        return self.repository.forget(names)
