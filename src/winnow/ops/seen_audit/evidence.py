"""What users had, pair by pair, as log and bundle say it; no filter is asked."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pyarrow as pa

from winnow.ops.seen_audit.had_rule import HadRule
from winnow.ops.seen_audit.moves import Moves
from winnow.pipeline.catalogue import Catalogue
from winnow.schema.column import Array
from winnow.stores.event import CODE_OF_TYPE
from winnow.stores.event_log import EventLog
from winnow.stores.seen_layout import seen_day

KEPT_S = 29 * 86_400.0
"""Stores keep what arrived in the last 30 days; what is about to go is not asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Had:
    """Catalogue rows of one user, each once and rising, int64.

    Attributes:
        perhaps: all that the user, or anybody who became this user, had at any time; nothing else can be known as had.
        surely: of them those that must be hidden now.
    """

    perhaps: Array
    surely: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Exact membership, from every row.

    Attributes:
        catalogue: the items that are asked for.
        rule: what counts as had.
        moves: of all names.
        past: what the bundle was trained on.
        logged: by name: item rows, types, and when events happened and arrived, arrays of one length.
    """

    catalogue: Catalogue
    rule: HadRule
    moves: Moves
    past: EventLog
    logged: Mapping[str, tuple[Array, Array, Array, Array]]

    def of(self, user: str, now: float, until: float) -> Had:
        """Of one user.

        Args:
            user: outside name.
            now: UTC seconds; what is later does not count yet.
            until: UTC seconds when stores were asked, `now` or later; days that were over by then are not asked for.
        """
        names = self.moves.names_of(user)
        perhaps = [rows[self.rule.may_count[types]] for rows, types in self._of_any(names)]
        surely = [row for name in names for row in self._surely(user, name, now, until)]
        return Had(perhaps=_rows(np.concatenate(perhaps)), surely=_rows(np.array(surely, np.int64)))

    def _of_any(self, names: set[str]) -> Iterator[tuple[Array, Array]]:
        for name in sorted(names):
            if name in self.logged:
                yield self.logged[name][:2]
        past = self.past.read(sorted(names), np.full(len(names), np.inf)).events
        yield self.catalogue.rows_of_hashes(past.item_hashes.values), past.types.values

    def _surely(self, user: str, name: str, now: float, until: float) -> Iterator[int]:
        """Rows of events that `name` had, and `user` has now, on days that are kept."""
        if name not in self.logged:
            return
        rows, types, at, arrived = self.logged[name]
        first = seen_day(until) - self.rule.seen.days + 1
        # An event from the future was perhaps too far ahead to be kept when it came.
        kept = (at < now) & (at <= arrived) & (at >= first * 86_400.0) & (arrived > until - KEPT_S)
        for place in np.flatnonzero(self.rule.counted[types] & kept).tolist():
            if self.moves.holder(name, float(arrived[place])) == user:
                yield int(rows[place])


def logged_by_name(events: pa.Table, catalogue: Catalogue) -> Mapping[str, tuple[Array, Array, Array, Array]]:
    """For `Evidence.logged`, from events as `LoggedPast` gives them; types of newer programs are left out."""
    codes = [CODE_OF_TYPE.get(each, -1) for each in events["type"].to_pylist()]
    rows = catalogue.rows(events["item_id"].to_pylist())
    columns = (rows, np.array(codes, np.int64), events["at"].to_numpy(), events["arrived_at"].to_numpy())
    names, user_of = np.unique(np.array(events["user_id"].to_pylist(), object), return_inverse=True)
    order = np.argsort(user_of, kind="stable")
    order = order[columns[1][order] >= 0]
    bounds = np.searchsorted(user_of[order], np.arange(len(names) + 1))
    return {
        name: _at(columns, order[start:end])
        for name, (start, end) in zip(names.tolist(), pairwise(bounds.tolist()), strict=True)
    }


def _at(columns: Sequence[Array], places: Array) -> tuple[Array, Array, Array, Array]:
    rows, types, at, arrived = (each[places] for each in columns)
    return rows, types, at, arrived


def _rows(rows: Array) -> Array:
    return np.unique(rows[rows >= 0])
