"""What was shown, in columns: who, what, when, where on the page, what the visit had been about, and the click."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from winnow.data.arrow_compute import pc
from winnow.data.dataset import AT, ITEM, OUTCOME, POSITION, PROPENSITY, USER, Dataset
from winnow.data.positive_events import positive_events
from winnow.data.positive_outcomes import positive_outcomes
from winnow.features.columns import columns_of
from winnow.features.feature_arrays import FeatureArrays
from winnow.features.likeness import RECENT, VISIT_S
from winnow.schema.column import Array, Bools
from winnow.schema.feature import Entity
from winnow.schema.schema import Schema
from winnow.training.training_set import TrainingSet
from winnow.training.visitor_events import VisitorEvents, visitor_events


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
        propensities: float64 [N], probability with which the item was put there, NaN where it is not known.
        clicked: bool [N], whether a positive event came of it, or one that follows on one.
        contexts: arrays [N, ...] of the request.
        recent: int64 [N, RECENT], item rows of the visit's last positives before the page, latest first, -1 for none.
        events: the visitors' positives, and which came before each impression's page.
    """

    visitors: Array
    user_rows: Array
    items: Array
    at: Array
    pages_at: Array
    positions: Array
    propensities: Array
    clicked: Bools
    contexts: FeatureArrays
    recent: Array
    events: VisitorEvents

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
    at, positions = impressions[AT].to_numpy(), positions_of(impressions)
    pages_at = page_starts(who, at, positions)
    known = pc.index_in(impressions[USER], pa.array(data.user_ids, pa.string()))
    fitted = data.fitted[Entity.CONTEXT]
    events = visitor_events(whom, clicks[AT].to_numpy(), _rows(clicks[ITEM], dataset), who, pages_at)
    return ImpressionRows(
        visitors=who,
        user_rows=np.asarray(pc.fill_null(known, len(data.user_ids)), np.int64),
        items=_rows(impressions[ITEM], dataset),
        at=at,
        pages_at=pages_at,
        positions=positions,
        propensities=_propensities(impressions),
        clicked=clicked_of(impressions, dataset.schema),
        contexts=fitted.packed(columns_of(impressions, fitted.columns), impressions.num_rows),
        recent=recent_items(events, pages_at),
        events=events,
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


def positions_of(impressions: pa.Table) -> Array:
    """int64 [N], place on the page from 1, 0 where it is not known."""
    if POSITION not in impressions.column_names:
        return np.zeros(impressions.num_rows, np.int64)
    return np.asarray(pc.fill_null(impressions[POSITION], 0.0), np.int64)


def clicked_of(impressions: pa.Table, schema: Schema) -> Bools:
    """bool [N], whether a positive event came of each impression, or one that follows on one."""
    return np.isin(np.asarray(impressions[OUTCOME].to_pylist(), object), positive_outcomes(schema))


def recent_items(events: VisitorEvents, asked_at: Array) -> Array:
    """The last items of each visitor before an instant, none older than a visit may pause.

    Args:
        events: before each of N instants.
        asked_at: float64 [N], these instants.

    Returns:
        int64 [N, RECENT], item rows, latest first, -1 where there are fewer.
    """
    everywhere = np.arange(len(asked_at))
    items = events.last(everywhere, RECENT)
    if not len(events.items):
        return items
    is_late = events.at[events.places(everywhere, RECENT)] >= asked_at[:, None] - VISIT_S
    return np.where(is_late, items, -1)


def _rows(items: pa.ChunkedArray, dataset: Dataset) -> Array:
    return np.asarray(pc.index_in(items, dataset.items[ITEM].combine_chunks()), np.int64)


def _propensities(impressions: pa.Table) -> Array:
    if PROPENSITY not in impressions.column_names:
        return np.full(impressions.num_rows, np.nan)
    return np.asarray(pc.fill_null(impressions[PROPENSITY], np.nan), np.float64)
