"""What was shown in the test time, page by page, and what came of it."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from winnow.data.arrow_compute import pc
from winnow.data.dataset import AT, ITEM, USER, Dataset
from winnow.data.positive_events import positive_events
from winnow.data.split import Split, TimeSplit, train_events
from winnow.data.visitors import are_anonymous
from winnow.schema.column import Array, Bools, Ragged, offsets_of
from winnow.training.impression_pieces import clicked_of, positions_of
from winnow.training.pages import page_starts


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldImpressions:
    """N impressions on P pages, those of a page side by side, the pages by time.

    Attributes:
        table: the impressions, in the form of `Dataset.impressions`.
        visitors: int64 [N], a number for each visitor.
        anonymous: bool [N], whether the visitor goes by a session.
        positions: int64 [N], place on the page from 1, 0 where it is not known.
        clicked: bool [N], whether a positive event came of it, or one that follows on one.
        offsets: int64 [P + 1]; impressions of page `p` are `offsets[p]:offsets[p + 1]`.
        pages_at: float64 [P], when each page was answered, UTC seconds.
        popularity: int64 [N], clicks on the item among the impressions before the test time.
        clicks: int64 [N], clicks of the visitor among them.
        positives: int64 [N], positive events of the visitor in training.
    """

    table: pa.Table
    visitors: Array
    anonymous: Bools
    positions: Array
    clicked: Bools
    offsets: Array
    pages_at: Array
    popularity: Array
    clicks: Array
    positives: Array

    def __len__(self) -> int:
        return len(self.visitors)

    @property
    def pages(self) -> Array:
        """int64 [N], the page of each impression."""
        return np.repeat(np.arange(len(self.pages_at)), np.diff(self.offsets))

    def clicked_by_page(self, rows: Bools) -> Ragged:
        """Which of some of the impressions, bool [N], were clicked: bool, a list for each page."""
        return Ragged(self.clicked[rows], offsets_of(np.bincount(self.pages[rows], minlength=len(self.pages_at))))


def held_impressions(dataset: Dataset, split: Split) -> HeldImpressions | None:
    """The impressions of the test time; None where none were logged, or where time is not cut."""
    shown = dataset.impressions
    if shown is None or not isinstance(split, TimeSplit):
        return None
    at, positions = shown[AT].to_numpy(), positions_of(shown)
    is_earlier = at < split.train_until
    names = pc.unique(shown[USER])
    who, clicked = _places(shown[USER], names), clicked_of(shown, dataset.schema)
    starts = page_starts(who, at, positions)
    rows = np.flatnonzero(~is_earlier & (at <= split.test_until))
    rows = rows[np.lexsort((who[rows], starts[rows]))]
    if not len(rows):
        return None
    before = train_events(dataset, split)
    positives = _places(before[USER].filter(pa.array(positive_events(dataset, before))), names)
    items = _places(shown[ITEM], dataset.items[ITEM].combine_chunks())
    first = _first_of_pages(who[rows], starts[rows])
    table = shown.take(pa.array(rows))
    return HeldImpressions(
        table=table,
        visitors=who[rows],
        anonymous=np.asarray(are_anonymous(table[USER]), bool),
        positions=positions[rows],
        clicked=clicked[rows],
        offsets=np.append(first, len(rows)),
        pages_at=starts[rows][first],
        popularity=np.bincount(items[is_earlier & clicked], minlength=dataset.items.num_rows)[items[rows]],
        clicks=np.bincount(who[is_earlier & clicked], minlength=len(names))[who[rows]],
        positives=np.bincount(positives[positives >= 0], minlength=len(names))[who[rows]],
    )


def _first_of_pages(who: Array, starts: Array) -> Array:
    """int64 [P], where each page begins: one visitor, one instant."""
    new = np.ones(len(who), np.bool_)
    new[1:] = (who[1:] != who[:-1]) | (starts[1:] != starts[:-1])
    return np.flatnonzero(new)


def _places(names: pa.ChunkedArray, known: pa.Array) -> Array:
    """int64 [N], positions among the known; -1: none."""
    return np.asarray(pc.fill_null(pc.index_in(names, known), -1), np.int64)
