"""What was shown, in columns: who, what, when, where on the page, what the visit had been about, and the click."""

from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from winnow.data.dataset import Dataset
from winnow.features.feature_arrays import FeatureArrays
from winnow.schema.column import Array, Bools
from winnow.training.impression_pieces import CODES, VALUES, VECTOR, ImpressionPieces
from winnow.training.scratch import Scratch, slices
from winnow.training.training_set import TrainingSet
from winnow.training.visitor_events import VisitorEvents


@dataclass(frozen=True, slots=True, kw_only=True)
class ImpressionRows:
    """N impressions by time, in columns that lie in files, so that they may be more than memory has room for.

    Attributes:
        visitors: int64 [N], a number for each visitor, known or not.
        user_rows: int64 [N], rows of the training set's users; the last stands for whom nobody knows.
        items: int64 [N], item rows.
        at: float64 [N], UTC seconds.
        pages_at: float64 [N], when the page was answered that the impression is on.
        positions: int64 [N], place on the page from 1, 0 where it is not known.
        propensities: float64 [N], probability with which the item was put there, NaN where it is not known.
        clicked: bool [N], whether a positive event came of it, or one that follows on one.
        came: bool [N, H], whether it came to each of the `further_outcomes`.
        contexts: arrays [N, ...] of the request.
        recent: int64 [N, RECENT], item rows of the visit's last positives before the page, latest first, -1 for none.
        events: the visitors' positives, and which came before each impression's page.
        scratch: where what is made of them may lie.
    """

    visitors: Array
    user_rows: Array
    items: Array
    at: Array
    pages_at: Array
    positions: Array
    propensities: Array
    clicked: Bools
    came: Bools
    contexts: FeatureArrays
    recent: Array
    events: VisitorEvents
    scratch: Scratch = field(default_factory=Scratch)

    def __len__(self) -> int:
        return len(self.items)


def impression_rows(
    dataset: Dataset, impressions: pa.Table, data: TrainingSet, folder: Path | None = None
) -> ImpressionRows:
    """Arranges impressions of a data set.

    Args:
        dataset: gives the events before each page.
        impressions: in the form of `Dataset.impressions`, by time.
        data: gives features and rows.
        folder: on the disk that the columns are to lie on; None for the system's folder of temporary files.
    """
    scratch, pieces = Scratch(folder=folder), ImpressionPieces.of(dataset, impressions, data)
    columns = scratch.columns(impressions.num_rows, map(pieces, slices(0, impressions.num_rows)))
    vectors = {name: columns.pop(name) for name in list(columns) if name.startswith(VECTOR)}
    contexts = FeatureArrays(
        codes=columns.pop(CODES),
        values=columns.pop(VALUES),
        vectors={name.removeprefix(VECTOR): each for name, each in vectors.items()},
    )
    order = pieces.events
    events = VisitorEvents(items=order.items, at=order.at, starts=columns.pop("starts"), ends=columns.pop("ends"))
    return ImpressionRows(**columns, contexts=contexts, events=events, scratch=scratch)
