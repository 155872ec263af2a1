"""What is known of a request: the user's features, its context, the last events, and the query vector."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter

import numpy as np

from winnow.features.feature_arrays import FeatureArrays
from winnow.features.fitted import FittedFeatures
from winnow.pipeline.catalogue import Catalogue
from winnow.pipeline.person_hydrator import PERSON
from winnow.pipeline.requests import NOTHING, Requests
from winnow.pipeline.state_hydrator import last_events, remembered
from winnow.pipeline.window_hydrator import WindowHydrator
from winnow.schema.column import Array, Bools, Column, Ragged, offsets_of
from winnow.stores.feature_store import UserFeatures

QUERY = ("query", "history_vector", "moment_vector")
INSTANT = "at"
"""Raw column of the instant, in event tables and in requests alike."""

Model = Callable[[Mapping[str, Array]], Mapping[str, Array]]
"""Named arrays in, named arrays out: an ONNX session, or anything that behaves like one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UserHydrator:
    """Adds `user_codes` int32 [B, Fc] and `user_values` float32 [B, Fv].

    Unknown users get the missing row, and so do those who asked to be forgotten.

    Attributes:
        store: what is known of users.
        unknown: the missing row.
        clock: what deadlines of requests are instants of, in seconds.
    """

    store: UserFeatures
    unknown: FeatureArrays
    clock: Callable[[], float] = perf_counter

    def columns(self, requests: Requests) -> Mapping[str, Column]:
        """As the store has them, which has until the deadline of the requests."""
        codes, values = self.store.read(remembered(requests), requests.left_s(self.clock()))
        return {"user_codes": codes, "user_values": values}

    def missing(self, requests: Requests) -> Mapping[str, Column]:
        """The missing row for everybody."""
        batch = len(requests)
        return {
            "user_codes": np.repeat(self.unknown.codes, batch, axis=0),
            "user_values": np.repeat(self.unknown.values, batch, axis=0),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextHydrator:
    """Adds `context_codes` int32 [B, Fc] and `context_values` float32 [B, Fv] from the raw context and the instant.

    Attributes:
        fitted: the features of the context.
        windows: gives the raw columns that nobody sends; None where there are none.
    """

    fitted: FittedFeatures
    windows: WindowHydrator | None = None

    def columns(self, requests: Requests) -> Mapping[str, Column]:
        """By the same transforms as in training."""
        computed = NOTHING if self.windows is None else self.windows.columns(requests)
        arrays = self.fitted.packed({**requests.context, **computed, INSTANT: requests.at}, len(requests))
        return {"context_codes": arrays.codes, "context_values": arrays.values}


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryHydrator:
    """Adds the user's last events, oldest first; three ragged columns with the same offsets.

    `history` holds int64 catalogue rows, `history_types` int64 positions in `tuple(EventType)`, `history_ages` float64
    seconds before the request.

    Attributes:
        length: most events that are read.
        counted: bool [number of event types], which types make history.
    """

    length: int
    counted: Bools

    def columns(self, requests: Requests) -> Mapping[str, Column]:
        """The last events before the request; items that the catalogue does not have are passed over."""
        places, offsets = last_events(requests, self.length, self.counted)
        rows = requests.ragged("event_rows").values[places]
        known = rows >= 0
        if np.count_nonzero(known) < len(known):
            request_of = np.repeat(np.arange(len(requests)), np.diff(offsets))
            offsets = offsets_of(np.bincount(request_of[known], minlength=len(requests)))
            rows, places = rows[known], places[known]
        return {
            "history": Ragged(rows, offsets),
            "history_types": Ragged(requests.ragged("event_types").values[places].astype(np.int64), offsets),
            "history_ages": Ragged(requests.ragged("event_ages").values[places], offsets),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryHydrator:
    """Adds `query`, `history_vector` and `moment_vector` float32 [B, D + L] by the query tower.

    The last is what of the query is not of the history: who asks, and when. Where more is known of the person than the
    tower knows, the L numbers of the column `person` stand behind the query, and zeros behind the others.

    Attributes:
        tower: takes `history_vectors` [B, N, D], `history_types`, `history_ages` and `history_present` [B, N], and the
            named request columns.
        dim: D.
        catalogue: its `tower` vectors [I, D + L] are what is searched for, and histories are made of their first D.
        inputs: request columns that the tower reads.
    """

    tower: Model
    dim: int
    catalogue: Catalogue
    inputs: Sequence[str]

    def columns(self, requests: Requests) -> Mapping[str, Column]:
        """One run of the tower for the whole batch."""
        history = requests.ragged("history")
        width = history.longest
        rows, present = history.padded(width), history.present(width)
        tower = self.catalogue.tower
        vectors = tower.take(rows, axis=0) if len(tower) else np.zeros((*rows.shape, tower.shape[1]), np.float32)
        events = {name: requests.ragged(name).padded(width) for name in ("history_types", "history_ages")}
        events |= {"history_vectors": vectors[..., : self.dim], "history_present": present.astype(np.float32)}
        outputs = self.tower({**{name: requests.array(name) for name in self.inputs}, **events})
        if tower.shape[1] == self.dim:
            return {name: outputs[name] for name in QUERY}
        told = {name: np.zeros((len(requests), tower.shape[1]), np.float32) for name in QUERY}
        for name, vectors in told.items():
            vectors[:, : self.dim] = outputs[name]
        told[QUERY[0]][:, self.dim :] = requests.array(PERSON)
        return told
