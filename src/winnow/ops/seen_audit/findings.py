"""What is found about one group of users after the other."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import repeat

import numpy as np

from winnow.ops.seen_audit.asked_filter import AskedFilter
from winnow.ops.seen_audit.asked_users import AskedUsers
from winnow.ops.seen_audit.drawn_pairs import drawn_unseen
from winnow.ops.seen_audit.seen_audit import FillRow, MissingPair
from winnow.ops.seen_audit.slice_fill import LABELS, fill_of
from winnow.pipeline.catalogue import Catalogue
from winnow.pipeline.state_hydrator import seen_days
from winnow.schema.column import Array, Bools
from winnow.stores.seen_layout import SeenLevel

MOST_NAMED = 10


@dataclass(slots=True, kw_only=True)
class Findings:
    """Asks, and adds up what comes out.

    Attributes:
        asked: the filter.
        catalogue: its items.
        levels: of its bitmaps.
        generator: draws pairs.
        counts: int64 [fills, 3], users, unseen pairs and those that are hidden.
        seen_pairs, num_missing, missing: pairs that must be hidden, how many are not, and the first of them.
        page_items, lost_a_page: items on good pages, and how many of them are hidden on each.
    """

    asked: AskedFilter
    catalogue: Catalogue
    levels: Sequence[SeenLevel]
    generator: np.random.Generator
    counts: Array = field(default_factory=lambda: np.zeros((len(LABELS), 3), np.int64))
    seen_pairs: int = 0
    num_missing: int = 0
    missing: list[MissingPair] = field(default_factory=list[MissingPair])
    page_items: int = 0
    lost_a_page: list[int] = field(default_factory=list[int])

    def add(self, users: AskedUsers, shares: Sequence[int]) -> None:
        """Some users, with how many unseen pairs to draw of each."""
        self._add_unseen(users, shares)
        self._add_seen(users)
        self._add_pages(users)

    def by_fill(self) -> list[FillRow]:
        """The counts, in words."""
        rows = zip(LABELS, self.counts.tolist(), strict=True)
        return [FillRow(fill=fill, users=users, pairs=pairs, hidden=hidden) for fill, (users, pairs, hidden) in rows]

    def _add_unseen(self, users: AskedUsers, shares: Sequence[int]) -> None:
        size, had = len(self.catalogue), [each.perhaps for each in users.had]
        drawn = list(map(drawn_unseen, had, repeat(size), shares, repeat(self.generator)))
        hidden = [int(each.sum()) for each in self._hidden(users, drawn)]
        fills = fill_of(seen_days(users.requests), self.levels)
        np.add.at(self.counts, fills, np.stack([np.ones_like(fills), list(shares), hidden], axis=1))

    def _add_seen(self, users: AskedUsers) -> None:
        surely = [each.surely for each in users.had]
        for user, rows, hidden in zip(users.requests.user_ids, surely, self._hidden(users, surely), strict=True):
            gone = rows[~hidden].tolist()
            self.seen_pairs += len(rows)
            self.num_missing += len(gone)
            named = [MissingPair(user_id=user, item_id=self.catalogue.item_ids[row]) for row in gone]
            self.missing += named[: MOST_NAMED - len(self.missing)]

    def _add_pages(self, users: AskedUsers) -> None:
        pages = self.asked.best(users.requests, [each.perhaps for each in users.had])
        self.page_items += sum(map(len, pages))
        self.lost_a_page += [int(each.sum()) for each in self._hidden(users, pages)]

    def _hidden(self, users: AskedUsers, rows: Sequence[Array]) -> list[Bools]:
        """Of the rows of each user."""
        ends = np.cumsum([len(each) for each in rows])
        return np.split(self.asked.hides(users.requests, rows), ends[:-1])
