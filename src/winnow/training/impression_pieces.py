"""Impressions of a data set in columns, some rows at a time."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from winnow.data.arrow_compute import pc
from winnow.data.dataset import AT, ITEM, OUTCOME, POSITION, PROPENSITY, USER, Dataset
from winnow.data.positive_events import positive_events
from winnow.data.positive_outcomes import came_of, further_outcomes, positive_outcomes
from winnow.features.columns import columns_of
from winnow.features.fitted import FittedFeatures
from winnow.features.likeness import RECENT, VISIT_S
from winnow.schema.column import Array, Bools
from winnow.schema.feature import Entity
from winnow.schema.schema import Schema
from winnow.training.named_column import NamedColumn
from winnow.training.pages import Pages
from winnow.training.training_set import TrainingSet
from winnow.training.visitor_events import EventOrder, VisitorEvents
from winnow.training.window_columns import WindowColumns, window_columns

CODES, VALUES, VECTOR = "context_codes", "context_values", "context_vector_"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImpressionPieces:
    """N impressions by time, and what it takes to arrange them.

    Attributes:
        table: in the form of `Dataset.impressions`.
        schema: says what counts as a click.
        contexts: features of the request.
        visitors: of the positive events and then of the N impressions.
        items: what was shown.
        user_rows: int64, row of each of the visitors' names among the training set's users.
        item_rows: int64, row of each of the items' names.
        events: the positive events.
        pages: of each visitor, as of the rows that were arranged last.
        windows: what visitors did lately, as of each page.
    """

    table: pa.Table
    schema: Schema
    contexts: FittedFeatures
    visitors: NamedColumn
    items: NamedColumn
    user_rows: Array
    item_rows: Array
    events: EventOrder
    pages: Pages
    windows: WindowColumns

    @staticmethod
    def of(dataset: Dataset, impressions: pa.Table, data: TrainingSet) -> "ImpressionPieces":
        """Sees which visitors and items there are."""
        clicks, names = dataset.events.filter(pa.array(positive_events(dataset))), dataset.items[ITEM].combine_chunks()
        visitors = NamedColumn.of(pa.chunked_array([*clicks[USER].chunks, *impressions[USER].chunks], pa.string()))
        items = NamedColumn.of(impressions[ITEM])
        clicked = np.asarray(pc.index_in(clicks[ITEM], names), np.int64)
        return ImpressionPieces(
            table=impressions,
            schema=dataset.schema,
            contexts=data.fitted[Entity.CONTEXT],
            visitors=visitors,
            items=items,
            user_rows=visitors.places_in(pa.array(data.user_ids, pa.string()), absent=len(data.user_ids)),
            item_rows=items.places_in(names, absent=-1),
            events=EventOrder.of(visitors.places(slice(0, len(clicked))), clicks[AT].to_numpy(), clicked),
            pages=Pages(len(visitors.names)),
            windows=window_columns(dataset, dataset.events, data.fitted[Entity.ITEM], data.items.codes),
        )

    def __call__(self, rows: slice) -> dict[str, Array]:
        """Columns [n, ...] of an `ImpressionRows` by name; rows are asked for in order, each once."""
        piece, ahead = self.table.slice(rows.start, rows.stop - rows.start), len(self.visitors) - self.table.num_rows
        visitors = self.visitors.places(slice(ahead + rows.start, ahead + rows.stop))
        at, positions = piece[AT].to_numpy(), positions_of(piece)
        pages_at = self.pages.starts(visitors, at, positions)
        before = self.events.before(visitors, pages_at)
        told = columns_of(self.windows.appended(piece, pages_at), self.contexts.columns)
        packed = self.contexts.packed(told, piece.num_rows)
        return {
            "visitors": visitors,
            "user_rows": self.user_rows[visitors],
            "items": self.item_rows[self.items.places(rows)],
            "at": at,
            "pages_at": pages_at,
            "positions": positions,
            "propensities": _propensities(piece),
            "clicked": clicked_of(piece, self.schema),
            "came": came_of(piece[OUTCOME].to_pylist(), further_outcomes(self.schema)),
            "recent": recent_items(before, pages_at),
            "starts": before.starts,
            "ends": before.ends,
            CODES: packed.codes,
            VALUES: packed.values,
            **{f"{VECTOR}{name}": each for name, each in packed.vectors.items()},
        }


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


def _propensities(impressions: pa.Table) -> Array:
    if PROPENSITY not in impressions.column_names:
        return np.full(impressions.num_rows, np.nan)
    return np.asarray(pc.fill_null(impressions[PROPENSITY], np.nan), np.float64)
