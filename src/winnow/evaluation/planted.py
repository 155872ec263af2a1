"""What could be reached on a simulated shop: the oracle knows everything, the reference learns perfectly."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from winnow.data.arrow_compute import pc
from winnow.data.dataset import AT, ITEM, USER, Dataset
from winnow.data.shop.click_model import probability
from winnow.data.shop.expected_clicks import expected_clicks
from winnow.data.shop.exposure import examination
from winnow.data.shop.impression_log import ImpressionLog
from winnow.data.shop.reference import inferred_likings
from winnow.data.shop.truth import FOLDER, TRUTH_FILE, Truth, device_codes, rows_of
from winnow.data.split import Split, TimeSplit
from winnow.evaluation.baseline import Baseline
from winnow.evaluation.held_impressions import HeldImpressions
from winnow.evaluation.held_out import HeldOut
from winnow.evaluation.judgement import Judgement
from winnow.features.texts import texts_of
from winnow.pipeline.catalogue import Catalogue
from winnow.schema.column import Array
from winnow.schema.errors import DataError
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
        seen_until: until when it is known how the shop shows its items, UTC seconds; None for all of its time.
    """

    truth: Truth
    users: Array
    likings: Array
    at: Array
    devices: Array
    items: Array
    seen_until: float | None = None

    def scores(self, users: Array) -> Array:
        """float64 [n, I], of some of the users."""
        rows = np.searchsorted(self.users, users)
        whom = self.likings[rows], self.at[rows], self.devices[rows]
        scores = expected_clicks(self.truth, *whom, self.seen_until)
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
        """Oracle and reference for the held-out users; the reference saw no more of the shop than training did."""
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
                seen_until=self.split.train_until if name == REFERENCE else None,
            )
            for name, each in likings.items()
        }

    def judgements(self, held: HeldImpressions) -> Mapping[str, Judgement]:
        """What reference and oracle say of impressions; both know the clicks of the visit before the page.

        Raises:
            DataError: the impressions are not those of the shop's log.
        """
        log = self.log.take(self.rows_of_log(held.table))
        looked = examination()[log.positions.astype(np.int64) - 1]
        logits = {REFERENCE: self.reference_logits(log), ORACLE: self.oracle_logits(log)}
        return {name: Judgement(scores=each, chances=looked * probability(each)) for name, each in logits.items()}

    def oracle_logits(self, log: ImpressionLog) -> Array:
        """float32 [N], the true log-odds of a click once looked at."""
        return self.truth.click_logit(log.users, log.items, log.at, log.devices, log.clicks)

    def reference_logits(self, log: ImpressionLog) -> Array:
        """The same as the reference sees them, which knows the form of the truth and infers likings from the log."""
        whom = np.where(log.known, log.users, len(self.inferred) - 1)
        return self.truth.logit_of(self.inferred, whom, log.items, log.at, log.devices, log.clicks)

    def rows_of_log(self, impressions: pa.Table) -> Array:
        """int64 [N], where in the log each impression of the data set stands.

        Args:
            impressions: in the form of `Dataset.impressions`, some or all.

        Raises:
            DataError: one of them is not in the log.
        """
        log, instants = self.log, np.unique(self.log.at)
        names = pc.unique(log.visitors)

        def keys(visitors: pa.Array | pa.ChunkedArray, items: Array, at: Array) -> Array:
            """int64 [N], a number for each visitor, item and instant that the log knows."""
            pairs = rows_of(visitors, names) * len(self.truth.world.items) + items
            return pairs * len(instants) + np.searchsorted(instants, at)

        theirs = keys(log.visitors, log.items, log.at)
        at, items = impressions[AT].to_numpy(), self.truth.item_rows(impressions[ITEM])
        ours, order = keys(impressions[USER], items, at), np.argsort(theirs, kind="stable")
        found = order[np.minimum(np.searchsorted(theirs[order], ours), len(order) - 1)]
        lost = (theirs[found] != ours) | (log.at[found] != at)
        if lost.any():
            raise DataError(
                f"{lost.sum():,} of {len(ours):,} impressions are not in the log of the simulated shop; evaluate on "
                "the shop as it was written, or take its truth away."
            )
        return found
