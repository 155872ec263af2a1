"""B requests, travelling together."""

import math
from collections.abc import Mapping
from dataclasses import field
from types import MappingProxyType

import numpy as np

from winnow.schema.column import Array, Bools, Column, Ragged, plain, ragged, take_rows
from winnow.schema.record import record

NOTHING: Mapping[str, Column] = MappingProxyType({})
NO_ROWS = np.empty(0, np.int64)


@record()
class Requests:
    """What B callers ask, and what is known of them so far.

    Attributes:
        request_ids: B unique names.
        user_ids: B outside names, see `Event`; "" for a visitor of whom nothing is known.
        at: float64 [B], the instant of asking, UTC seconds.
        k: int64 [B], items wanted, >= 0.
        exclude: int64 item rows per request that must not come back; -1, an unknown item, excludes nothing.
        seeds: uint64 [B]; all randomness of a request comes from its seed; each page has one of its own.
        filters: what each caller chooses from, bool [I] by catalogue row, None where it is all items; empty where
            nobody filters.
        shown: int64 item rows per request that earlier pages showed, the first first; -1 for an item that is unknown by
            now. They count for diversity, caps and the places of pins. That they do not come back is up to `exclude`.
            None where this is everybody's first page.
        diversity: float64 [B], 0 to 1, what each caller wants of it instead of what the recipe says, within the limits
            of the recipe; NaN for what the recipe says. None where nobody says.
        explore: float64 [B], the temperature that each caller wants of a draw, likewise.
        context: raw request context by schema column, each [B]; absent columns are missing.
        columns: what request hydrators added, each with B rows.
        deadline: instant of the process's clock (time.perf_counter) after which stages that something stands in for are
            not begun any more; None, as in training and evaluation, for as long as it takes.
    """

    request_ids: tuple[str, ...]
    user_ids: tuple[str, ...]
    at: Array
    k: Array
    exclude: Ragged
    seeds: Array
    filters: tuple[Bools | None, ...] = ()
    shown: Ragged | None = None
    diversity: Array | None = None
    explore: Array | None = None
    context: Mapping[str, Column] = field(default_factory=lambda: NOTHING)
    columns: Mapping[str, Column] = field(default_factory=lambda: NOTHING)
    deadline: float | None = None

    def __len__(self) -> int:
        return len(self.request_ids)

    def array(self, name: str) -> Array:
        """A plain column that a hydrator added."""
        column = self.columns[name]
        return column if isinstance(column, np.ndarray) else plain(column)

    def ragged(self, name: str) -> Ragged:
        """A ragged column that a hydrator added."""
        column = self.columns[name]
        return column if isinstance(column, Ragged) else ragged(column)

    def earlier(self, request: int) -> Array:
        """int64 item rows that earlier pages showed to one of the callers, -1 among them."""
        return NO_ROWS if self.shown is None else self.shown.row(request)

    def left_s(self, now: float) -> float:
        """Seconds from an instant of the same clock to the deadline; without end where there is none."""
        return math.inf if self.deadline is None else self.deadline - now

    def with_columns(self, columns: Mapping[str, Column]) -> "Requests":
        """The same requests with more columns."""
        # dataclasses.replace takes five times as long, for every hydrator.
        return Requests(
            request_ids=self.request_ids,
            user_ids=self.user_ids,
            at=self.at,
            k=self.k,
            exclude=self.exclude,
            seeds=self.seeds,
            filters=self.filters,
            shown=self.shown,
            diversity=self.diversity,
            explore=self.explore,
            context=self.context,
            columns={**self.columns, **columns},
            deadline=self.deadline,
        )

    def take(self, rows: Array) -> "Requests":
        """The given requests only, in the given order."""
        places: list[int] = rows.tolist()
        return Requests(
            request_ids=tuple(self.request_ids[place] for place in places),
            user_ids=tuple(self.user_ids[place] for place in places),
            at=self.at[rows],
            k=self.k[rows],
            exclude=self.exclude.take(rows),
            seeds=self.seeds[rows],
            filters=tuple(self.filters[place] for place in places) if self.filters else (),
            shown=None if self.shown is None else self.shown.take(rows),
            diversity=None if self.diversity is None else self.diversity[rows],
            explore=None if self.explore is None else self.explore[rows],
            context={name: take_rows(column, rows) for name, column in self.context.items()},
            columns={name: take_rows(column, rows) for name, column in self.columns.items()},
            deadline=self.deadline,
        )
