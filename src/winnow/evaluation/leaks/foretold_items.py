"""Columns of users that hold the id of what they will have: a "last item" that was written at the end."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from winnow.data.dataset import ITEM, USER
from winnow.evaluation.leaks.coded_events import positions
from winnow.evaluation.leaks.feature_codes import declared
from winnow.evaluation.leaks.finding import MOST_ROWS, Evidence, Finding
from winnow.evaluation.leaks.split_events import SplitEvents
from winnow.schema.column import Array
from winnow.schema.feature import Entity, Kind

CHECK = "columns that name what comes"
MOST_FORETOLD = 0.5
"""Share of the named that may come true."""
FEWEST = 20
"""Users, or items, whose column must name somebody that they had not met before."""
KINDS = (Kind.ID, Kind.CATEGORY, Kind.TEXT)
ROW = 0xFFFFFFFF
"""The lower half of a pair: the row of the item."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Foretold:
    """What one column says of the test time.

    Attributes:
        name: of the feature.
        asked: rows that name an id from outside their training events and have an event in the test time.
        hits: those of them that have it with that very id.
        evidence: the first hits.
    """

    name: str
    asked: int
    hits: int
    evidence: Evidence

    @property
    def share(self) -> float:
        """In [0, 1]; 0 where too few were asked."""
        return self.hits / self.asked if self.asked >= FEWEST else 0.0


def foretold_items(events: SplitEvents) -> Finding:
    """A leak where a user's column names an item that comes new in the test time, or an item's column such a user."""
    columns = list(foretold(events))
    worst = max(columns, key=lambda each: each.share, default=None)
    leaks = worst is not None and worst.share > MOST_FORETOLD
    told = f"; '{worst.name}' names {worst.hits:,} of {worst.asked:,} that are new in the test time" if worst else ""
    return Finding(
        check=CHECK,
        severity="leak" if leaks else "none",
        sentence=f"{len(columns)} columns of users and items hold ids of the other{told} (above {MOST_FORETOLD:.0%} is "
        "a leak).",
        evidence=worst.evidence if worst and leaks else (),
    )


def foretold(events: SplitEvents) -> Iterator[Foretold]:
    """Every declared column that holds ids of the other side, users' first."""
    users, items = (events.dataset.users, events.dataset.items)
    pairs = _pairs(events)
    held_out = np.unique(pairs[events.num_train :])
    known = np.unique(pairs[: events.num_train])
    for entity, table, other in ((Entity.USER, users, items[ITEM]), (Entity.ITEM, items, users[USER])):
        for feature in declared(events, entity, KINDS):
            rows = positions(table[feature.column], other)
            here = np.flatnonzero(rows >= 0)
            user, item = (here, rows[here]) if entity is Entity.USER else (rows[here], here)
            if len(here):
                named = np.setdiff1d(user << 32 | item, known)
                yield _foretold(feature.name, events, named, held_out, entity)


def _foretold(name: str, events: SplitEvents, named: Array, held_out: Array, entity: Entity) -> Foretold:
    shift = 32 if entity is Entity.USER else 0
    owners, there = (each >> shift & ROW for each in (named, held_out))
    asked = named[np.isin(owners, there)]
    hits = np.intersect1d(asked, held_out)
    shown = hits[:MOST_ROWS]
    users = events.dataset.users[USER].take(pa.array(shown >> 32)).to_pylist()
    items = events.dataset.items[ITEM].take(pa.array(shown & ROW)).to_pylist()
    evidence = tuple({USER: user, ITEM: item, "named by": name} for user, item in zip(users, items, strict=True))
    return Foretold(name=name, asked=len(asked), hits=len(hits), evidence=evidence)


def _pairs(events: SplitEvents) -> Array:
    """int64 [N], row of the user above, row of the item below; -1 where either table lacks it."""
    users, items = events.both.user_rows, events.both.items
    return np.where((users >= 0) & (items >= 0), users << 32 | items, -1)
