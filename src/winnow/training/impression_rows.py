"""What was shown, in columns: who, what, when, where on the page, what the visit had been about, and the click."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from winnow.data.arrow_compute import pc
from winnow.data.dataset import AT, ITEM, OUTCOME, POSITION, USER, Dataset
from winnow.data.positive_events import positive_events
from winnow.data.positive_outcomes import positive_outcomes
from winnow.features.columns import columns_of
from winnow.features.feature_arrays import FeatureArrays
from winnow.features.likeness import RECENT, VISIT_S
from winnow.schema.column import Array, Bools
from winnow.schema.feature import Entity
from winnow.training.training_set import TrainingSet


@dataclass(frozen=True, slots=True, kw_only=True)
class ImpressionRows:
    """N impressions by time.

    Attributes:
        visitors: int64 [N], a number for each visitor, known or not.
        user_rows: int64 [N], rows of the training set's users; the last stands for whom nobody knows.
        items: int64 [N], item rows.
        at: float64 [N], UTC seconds.
        pages_at: float64 [N], when the page was answered that the impression is on.
        positions: int64 [N], place on the page from 1, 0 where it is not known.
        clicked: bool [N], whether a positive event came of it, or one that follows on one.
        contexts: arrays [N, ...] of the request.
        recent: int64 [N, RECENT], item rows of the visit's last positives before the page, latest first, -1 for none.
    """

    visitors: Array
    user_rows: Array
    items: Array
    at: Array
    pages_at: Array
    positions: Array
    clicked: Bools
    contexts: FeatureArrays
    recent: Array

    def __len__(self) -> int:
        return len(self.items)


def impression_rows(dataset: Dataset, impressions: pa.Table, data: TrainingSet) -> ImpressionRows:
    """Arranges impressions of a data set.

    Args:
        dataset: gives the events before each page.
        impressions: in the form of `Dataset.impressions`, by time.
        data: gives features and rows.
    """
    clicks = dataset.events.filter(pa.array(positive_events(dataset)))
    names = pa.chunked_array([*clicks[USER].chunks, *impressions[USER].chunks]).combine_chunks()
    visitors = np.asarray(pc.dictionary_encode(names).indices, np.int64)
    who, whom = visitors[clicks.num_rows :], visitors[: clicks.num_rows]
    at, positions = impressions[AT].to_numpy(), _positions(impressions)
    pages_at = page_starts(who, at, positions)
    known = pc.index_in(impressions[USER], pa.array(data.user_ids, pa.string()))
    fitted = data.fitted[Entity.CONTEXT]
    return ImpressionRows(
        visitors=who,
        user_rows=np.asarray(pc.fill_null(known, len(data.user_ids)), np.int64),
        items=_rows(impressions[ITEM], dataset),
        at=at,
        pages_at=pages_at,
        positions=positions,
        clicked=np.isin(np.asarray(impressions[OUTCOME].to_pylist(), object), positive_outcomes(dataset.schema)),
        contexts=fitted.packed(columns_of(impressions, fitted.columns), impressions.num_rows),
        recent=recent_items(whom, clicks[AT].to_numpy(), _rows(clicks[ITEM], dataset), who, pages_at),
    )


def page_starts(visitors: Array, at: Array, positions: Array) -> Array:
    """When the page of each impression was answered: a new one begins where a visitor's position does not rise.

    Where positions are not known, only what was shown at one instant is one page.

    Args:
        visitors: int64 [N].
        at: float64 [N], UTC seconds, rising.
        positions: int64 [N], 0 where not known.
    """
    order = np.argsort(visitors, kind="stable")
    who, when, place = visitors[order], at[order], positions[order]
    rises = (place[1:] > place[:-1]) & (place[:-1] > 0) & (when[1:] - when[:-1] <= VISIT_S)
    new = np.ones(len(order), np.bool_)
    new[1:] = (who[1:] != who[:-1]) | ~(rises | (when[1:] == when[:-1]))
    starts = np.empty(len(order))
    starts[order] = when[np.maximum.accumulate(np.where(new, np.arange(len(order)), 0))]
    return starts


def recent_items(whose: Array, clicked_at: Array, items: Array, who: Array, asked_at: Array) -> Array:
    """The last items of each visitor before an instant, none older than a visit may pause.

    Args:
        whose: int64 [M], visitors of events.
        clicked_at: float64 [M], UTC seconds.
        items: int64 [M].
        who: int64 [N], visitors who are asked for.
        asked_at: float64 [N]; events strictly before it count.

    Returns:
        int64 [N, RECENT], latest first, -1 where there are fewer.
    """
    order = np.lexsort((clicked_at, whose))
    whose, clicked_at, items = whose[order], clicked_at[order], items[order]
    is_event = np.repeat([False, True], [len(who), len(whose)])
    keys = np.concatenate([asked_at, clicked_at]), np.concatenate([who, whose])
    merged = np.lexsort((is_event, *keys))  # an instant that is asked for comes before the events at it
    before = np.empty(len(merged), np.int64)
    before[merged] = np.cumsum(is_event[merged])
    end, start = before[: len(who)], np.searchsorted(whose, who)
    places = end[:, None] - 1 - np.arange(RECENT)
    there = places >= start[:, None]
    places = np.where(there, places, 0)
    if not len(items):
        return np.full(places.shape, -1, np.int64)
    there &= clicked_at[places] >= asked_at[:, None] - VISIT_S
    return np.where(there, items[places], -1)


def _rows(items: pa.ChunkedArray, dataset: Dataset) -> Array:
    return np.asarray(pc.index_in(items, dataset.items[ITEM].combine_chunks()), np.int64)


def _positions(impressions: pa.Table) -> Array:
    if POSITION not in impressions.column_names:
        return np.zeros(impressions.num_rows, np.int64)
    return np.asarray(pc.fill_null(impressions[POSITION], 0.0), np.int64)
