"""What could be reached on a simulated shop: the oracle knows everything, the reference learns perfectly."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from winnow.data.dataset import Dataset
from winnow.data.shop.expected_clicks import expected_clicks
from winnow.data.shop.impression_log import ImpressionLog
from winnow.data.shop.reference import inferred_likings
from winnow.data.shop.truth import FOLDER, TRUTH_FILE, Truth, device_codes
from winnow.data.split import Split, TimeSplit
from winnow.evaluation.baseline import Baseline
from winnow.evaluation.held_out import HeldOut
from winnow.evaluation.impression_auc import impression_auc
from winnow.evaluation.report import ImpressionRow
from winnow.features.texts import texts_of
from winnow.pipeline.catalogue import Catalogue
from winnow.schema.column import Array
from winnow.training.progress import Progress, silent

ORACLE, REFERENCE = "oracle", "reference"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedClicks:
    """Items by how many clicks they can be expected to get.

    Attributes:
        truth: of the shop.
        users: int64 [U], positions of the held-out users, rising.
        likings: float32 [U, F], what is known of theirs.
        at: float64 [U], UTC seconds.
        devices: int64 [U], codes.
        items: int64 [I], the shop's row of each item of the catalogue.
    """

    truth: Truth
    users: Array
    likings: Array
    at: Array
    devices: Array
    items: Array

    def scores(self, users: Array) -> Array:
        """float64 [n, I], of some of the users."""
        rows = np.searchsorted(self.users, users)
        scores = expected_clicks(self.truth, self.likings[rows], self.at[rows], self.devices[rows])
        return scores[:, self.items].astype(np.float64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """The truth of a simulated shop, and what can be known of it from the training time.

    Attributes:
        truth: of the shop.
        log: all logged impressions.
        split: where time is cut.
        inferred: float32 [U + 1, F], likings of the reference; the last row is an anonymous visitor.
    """

    truth: Truth
    log: ImpressionLog
    split: TimeSplit
    inferred: Array

    @classmethod
    def of(cls, dataset: Dataset, split: Split, progress: Progress = silent) -> "Planted | None":
        """Reads the truth beside a data set; None where there is none, or where time is not cut.

        Raises:
            DataError: it is the truth of another version of the simulator.
        """
        shop = Path(dataset.source)
        if not isinstance(split, TimeSplit) or not (shop / FOLDER / TRUTH_FILE).is_file():
            return None
        truth = Truth.open(shop)
        log = ImpressionLog.read(shop, truth)
        visible = log.take(np.flatnonzero(log.at < split.train_until))
        return cls(truth=truth, log=log, split=split, inferred=inferred_likings(truth, visible, progress))

    def models(self, held: HeldOut, catalogue: Catalogue) -> Mapping[str, Baseline]:
        """Oracle and reference for the held-out users."""
        rows = self.truth.user_rows(pa.array(held.user_ids))
        known = np.array([name not in self.truth.visitors for name in held.user_ids])
        day = self.truth.world.spec.days - 1
        likings = {
            ORACLE: self.truth.world.people(day).likings[rows],
            REFERENCE: self.inferred[np.where(known, rows, len(self.inferred) - 1)],
        }
        return {
            name: ExpectedClicks(
                truth=self.truth,
                users=held.users,
                likings=each,
                at=held.at,
                devices=device_codes(pa.array(texts_of(held.context["device_type"]), pa.string())),
                items=self.truth.item_rows(pa.array(catalogue.item_ids)),
            )
            for name, each in likings.items()
        }

    def impressions(self) -> list[ImpressionRow]:
        """AUC on the impressions of the test time, by how much users had clicked before."""
        return impression_auc(self.truth, self.log, self.split.train_until, self.inferred)
