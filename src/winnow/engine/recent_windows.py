"""What users did most with lately, as the request path would compute it of them now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np

from winnow.engine.engine import Engine
from winnow.pipeline.requests import Requests
from winnow.pipeline.state_hydrator import StateHydrator
from winnow.pipeline.window_hydrator import WindowHydrator
from winnow.schema.column import Masked, Ragged

USERS_AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class RecentWindows:
    """The two stages of the request path that read and count events, without the rest of it.

    Attributes:
        state: reads what users did.
        windows: counts it.
    """

    state: StateHydrator
    windows: WindowHydrator

    def read(self, user_ids: Sequence[str], at: float) -> dict[str, list[str | None]]:
        """Of N users by raw context column, None where nothing was done, or is known.

        Args:
            user_ids: outside names.
            at: UTC seconds; what happened before counts.

        Raises:
            Unavailable: the store of events does not answer.
        """
        found: dict[str, list[str | None]] = {each.column: [] for each in self.windows.windows}
        for start in range(0, len(user_ids), USERS_AT_ONCE):
            for name, column in self._some(user_ids[start : start + USERS_AT_ONCE], at).items():
                words = zip(column.values.tolist(), column.present.tolist(), strict=True)
                found[name] += [word if there else None for word, there in words]
        return found

    def _some(self, user_ids: Sequence[str], at: float) -> Mapping[str, Masked]:
        batch = len(user_ids)
        asked = Requests(
            request_ids=tuple(user_ids),
            user_ids=tuple(user_ids),
            at=np.full(batch, at),
            k=np.zeros(batch, np.int64),
            exclude=Ragged(np.empty(0, np.int64), np.zeros(batch + 1, np.int64)),
            seeds=np.zeros(batch, np.uint64),
        )
        asked = asked.with_columns(self.state.columns(asked))
        return cast("Mapping[str, Masked]", self.windows.columns(asked))


def recent_windows(engine: Engine) -> RecentWindows:
    """Of the items and the events of an engine."""
    windows = () if engine.assembly is None else engine.assembly.windows
    return RecentWindows(
        state=StateHydrator(store=engine.state, catalogue=engine.catalogue),
        windows=WindowHydrator(windows=windows, catalogue=engine.catalogue),
    )
