"""All that is known of what the user did, read once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter

import numpy as np

from winnow.pipeline.catalogue import Catalogue
from winnow.pipeline.requests import Requests
from winnow.schema.column import Array, Bools, Column, Ragged, offsets_of, one_row
from winnow.stores.known_events import no_events
from winnow.stores.seen_days import SeenDays, no_days
from winnow.stores.state_store import StateReader, UserStates


@dataclass(frozen=True, slots=True, kw_only=True)
class StateHydrator:
    """Adds what every later stage reads of the user's past; nothing else of the request path asks a store of events.

    Ragged, oldest event first: `event_rows` int64 catalogue rows, -1 for what the catalogue does not have;
    `event_types` int8 positions in `tuple(EventType)`; `event_ages` float64 seconds before the request. Of what was
    seen besides, `seen_bits` uint8 and `seen_sizes` int64, see `SeenDays`. Plain: `forgotten` bool [B], of whom nothing
    older than that is to be read.

    Attributes:
        store: what users did.
        catalogue: what the items are called here.
        clock: what deadlines of requests are instants of, in seconds.
    """

    store: StateReader
    catalogue: Catalogue
    clock: Callable[[], float] = perf_counter

    def columns(self, requests: Requests) -> Mapping[str, Column]:
        """As of the instants of the requests; the store has until their deadline."""
        left_s = requests.left_s(self.clock())
        return self._columns(requests, self.store.read(requests.user_ids, requests.at, left_s))

    def missing(self, requests: Requests) -> Mapping[str, Column]:
        """Nobody did anything."""
        batch = len(requests)
        nothing = UserStates(events=no_events(batch), seen=no_days(batch), forgotten=np.zeros(batch, bool))
        return self._columns(requests, nothing)

    def _columns(self, requests: Requests, known: UserStates) -> Mapping[str, Column]:
        events = known.events
        offsets = events.at.offsets
        asked = requests.at if len(requests) == 1 else np.repeat(requests.at, events.at.lengths)
        ages = asked - events.at.values
        return {
            "event_rows": Ragged(self.catalogue.rows_of_hashes(events.item_hashes.values), offsets),
            "event_types": events.types,
            "event_ages": Ragged(ages, offsets),
            "seen_bits": known.seen.bits,
            "seen_sizes": known.seen.sizes,
            "forgotten": known.forgotten,
        }


def remembered(requests: Requests) -> Sequence[str]:
    """B outside names; "" for those who asked to be forgotten."""
    forgotten: list[bool] = requests.array("forgotten").tolist()
    return ["" if gone else name for name, gone in zip(requests.user_ids, forgotten, strict=True)]


def seen_days(requests: Requests) -> SeenDays:
    """What was seen on the last days."""
    return SeenDays(bits=requests.ragged("seen_bits"), sizes=requests.ragged("seen_sizes"))


def last_events(requests: Requests, n: int, counted: Bools) -> tuple[Array, Array]:
    """Places of the last `n` events of the wanted types among all events of the requests, and their offsets.

    Args:
        requests: B of them.
        n: most events of each.
        counted: bool [number of event types], which types are wanted.

    Returns:
        int64 [M], rising, and int64 [B + 1].
    """
    types = requests.ragged("event_types")
    wanted = counted[types.values]
    if len(requests) == 1:  # as most come
        places = wanted.nonzero()[0]
        places = places[max(0, len(places) - n) :]
        return places, one_row(len(places))
    # How many wanted ones there are up to each event, counted through all requests.
    so_far = np.concatenate(([0], np.cumsum(wanted)))
    ends = so_far[types.offsets[1:]]
    starts = np.maximum(so_far[types.offsets[:-1]], ends - n)
    number = so_far[1:]
    places = np.flatnonzero(wanted & (number > np.repeat(starts, types.lengths)))
    return places, offsets_of(ends - starts)
