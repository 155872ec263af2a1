"""Users whom a service has seen of late, and what they ask."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from benchmarks.workload import K, Workload
from winnow.api.client import Client
from winnow.api.events import VisitorEvent
from winnow.data.dataset import AT, ITEM, TYPE, USER
from winnow.engine.engine import Engine
from winnow.features.likeness import VISIT_S
from winnow.ops.load.known_visitors import asked_by, told_as
from winnow.schema.column import Array
from winnow.schema.schema import EventType
from winnow.stores.event import Event

USERS = 500
TOLD_AT_ONCE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class ActiveUsers:
    """Some users in the middle of a visit: what they did when training had ended, as if it were just now.

    Attributes:
        user_ids: outside names.
        done: what they did, a second before they ask and earlier.
        at: when they ask, UTC seconds.
    """

    user_ids: tuple[str, ...]
    done: tuple[Event, ...]
    at: float

    @staticmethod
    def of(workload: Workload, engine: Engine, events: pa.Table, at: float) -> "ActiveUsers":
        """The first users of a workload who came after training and chose something, and the first half hour of each.

        Args:
            workload: whose users.
            engine: of a bundle that did not learn from the last of the events.
            events: of a dataset, all that there are.
            at: when they ask.
        """
        late = events.filter(events[AT].to_numpy() > engine.trained_until)
        visits = _first_visits(late, engine.schema.events.positives)
        user_ids = tuple(user for user in workload.user_ids if user in visits)[:USERS]
        done = tuple(
            replace(event, at=event.at + at - 1.0 - visits[user][-1].at) for user in user_ids for event in visits[user]
        )
        return ActiveUsers(user_ids=user_ids, done=done, at=at)

    @property
    def told(self) -> str:
        """Who they are, for people."""
        mean = len(self.done) / max(1, len(self.user_ids))
        return (
            f"{len(self.user_ids)} real users in turn, each in the first visit after training, who did {mean:.1f} "
            "things in it (mean)"
        )

    @property
    def workload(self) -> Workload:
        """The same users, who ask now."""
        return Workload(user_ids=self.user_ids, at=self.at)

    def bodies(self) -> tuple[str, ...]:
        """A request of each, as the client writes it."""
        return tuple(asked_by(each, K) for each in self.user_ids)

    def live_in(self, engine: Engine) -> None:
        """Tells an engine of this process."""
        engine.state.append(self.done)

    def tell(self, client: Client) -> None:
        """Tells a service."""
        told = [_visitor_event(each) for each in self.done]
        for start in range(0, len(told), TOLD_AT_ONCE):
            client.events(told[start : start + TOLD_AT_ONCE])


def _first_visits(events: pa.Table, positives: tuple[str, ...]) -> dict[str, list[Event]]:
    """By user, what came within `VISIT_S` of the first event, in order; of those who did something positive in it."""
    users = events[USER].combine_chunks().dictionary_encode()
    of, at = users.indices.to_numpy(), events[AT].to_numpy()
    began = np.full(len(users.dictionary), np.inf)
    np.minimum.at(began, of, at)
    names, visits = users.dictionary.to_pylist(), dict[str, list[Event]]()
    for place, event in _events(events, np.flatnonzero(at < began[of] + VISIT_S)):
        visits.setdefault(names[of[place]], []).append(event)
    return {user: done for user, done in visits.items() if any(each.type in positives for each in done)}


def _events(events: pa.Table, places: Array) -> Iterator[tuple[int, Event]]:
    columns = (events[name].take(places).to_pylist() for name in (USER, ITEM, TYPE, AT))
    for place, user, item, type_, at in zip(places.tolist(), *columns, strict=True):
        yield place, Event(event_id=f"{place}", user_id=user, item_id=item, type=EventType(type_), at=at)


def _visitor_event(done: Event) -> VisitorEvent:
    user_id, session_id = told_as(done.user_id)
    return VisitorEvent(
        user_id=user_id,
        session_id=session_id,
        item_id=done.item_id,
        type=EventType(done.type),
        timestamp=done.at,
        event_id=done.event_id,
    )
