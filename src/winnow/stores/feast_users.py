"""User features from Feast's online store."""

import math
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from winnow.schema.errors import Unavailable
from winnow.stores.awaited import LateError, awaited
from winnow.stores.back_off import BackOff
from winnow.stores.feature_table import FeatureTable

if TYPE_CHECKING:
    from winnow.stores.feast_repository import FeastRepository

BACK_OFF_S = 0.25
SLOW_S = 0.1
"""More than that, and nobody asks for a while."""
THREADS = ThreadPoolExecutor(4, "feast")
"""In which callers who have little time ask: Feast passes no deadline on to its stores."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeastUsers:
    """Asks once for all users of a batch. After a failure nobody waits for a while; then one tries it for all.

    Attributes:
        repository: where they are.
        table: names the columns.
        back_off: from a store that fails, or is slow.
        clock: seconds that only rise.
    """

    repository: "FeastRepository"
    table: FeatureTable
    back_off: BackOff = field(default_factory=lambda: BackOff(BACK_OFF_S))
    clock: Callable[[], float] = time.monotonic

    def rows(self, user_ids: Sequence[str], within_s: float = math.inf) -> Sequence[Mapping[str, Any] | None]:
        asked = list(dict.fromkeys(user_id for user_id in user_ids if user_id))
        if not asked:
            return [None] * len(user_ids)
        left_s = self.back_off.left_s()
        if left_s > 0:
            raise Unavailable(f"Feast did not answer; nobody asks it for {left_s:.2f} s.")
        found = dict(zip(asked, self._asked(asked, within_s), strict=True))
        # The name itself may be a feature.
        rows = [found.get(user_id) for user_id in user_ids]
        return [
            None if row is None else {**row, self.table.key: user_id}
            for user_id, row in zip(user_ids, rows, strict=True)
        ]

    def _asked(self, user_ids: Sequence[str], within_s: float) -> Sequence[Mapping[str, Any] | None]:
        def answer() -> Sequence[Mapping[str, Any] | None]:
            return self.repository.online(self.table, user_ids)

        start = self.clock()
        try:
            found = answer() if within_s == math.inf else awaited(answer, within_s, self._ended, THREADS.submit)
        except Unavailable:
            self.back_off.failed()
            raise
        except LateError:
            # That somebody had no time tells nothing of Feast, unless it has been slow by then.
            if self.clock() - start > SLOW_S:
                self.back_off.failed()
            raise Unavailable("Feast had not answered when the time that the request may take was spent.") from None
        self.back_off.succeeded()
        return found

    def _ended(self, answer: Future[Any]) -> None:
        if answer.exception() is not None:
            self.back_off.failed()

    def forget(self, names: Mapping[str, float]) -> tuple[int, int]:
        return self.repository.forget(names)
