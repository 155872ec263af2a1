"""Users whom a service has seen of late, and what they ask."""

from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.workload import K, Workload
from winnow.api.client import Client
from winnow.api.events import VisitorEvent
from winnow.engine.engine import Engine
from winnow.ops.load.known_visitors import asked_by, told_as
from winnow.schema.schema import EventType
from winnow.stores.event import Event

USERS, ITEMS = 500, 10


@dataclass(frozen=True, slots=True, kw_only=True)
class ActiveUsers:
    """Some users in the middle of a visit: they chose a few items just now, which every stage reads, and bought them.

    Attributes:
        user_ids: outside names.
        items: outside names of what may be chosen.
        types: of the events of each item, the type that the bundle learned from first.
        at: just after that, UTC seconds.
    """

    user_ids: tuple[str, ...]
    items: tuple[str, ...]
    types: tuple[EventType, ...]
    at: float

    @staticmethod
    def of(workload: Workload, engine: Engine, at: float) -> "ActiveUsers":
        """The first users of a workload."""
        types = tuple(dict.fromkeys((EventType(engine.schema.events.positives[0]), EventType.PURCHASE)))
        return ActiveUsers(user_ids=workload.user_ids[:USERS], items=engine.catalogue.item_ids, types=types, at=at)

    @property
    def workload(self) -> Workload:
        """The same users, who ask now."""
        return Workload(user_ids=self.user_ids, at=self.at)

    def bodies(self) -> tuple[str, ...]:
        """A request of each, as the client writes it."""
        return tuple(asked_by(each, K) for each in self.user_ids)

    def live_in(self, engine: Engine) -> None:
        """Tells an engine of this process."""
        for user, item, type_, event_id in self._done():
            done = Event(event_id=event_id, user_id=user, item_id=item, type=type_, at=self.at - 1.0)
            engine.state.append([done])

    def tell(self, client: Client) -> None:
        """Tells a service."""
        told: list[VisitorEvent] = []
        for user, item, type_, event_id in self._done():
            user_id, session_id = told_as(user)
            told.append(
                VisitorEvent(user_id=user_id, session_id=session_id, item_id=item, type=type_, event_id=event_id)
            )
        for start in range(0, len(told), 100):
            client.events(told[start : start + 100])

    def _done(self) -> Iterator[tuple[str, str, EventType, str]]:
        for number, user in enumerate(self.user_ids):
            for place in range(ITEMS):
                for type_ in self.types:
                    yield user, self.items[(number + 7 * place) % len(self.items)], type_, f"{number} {place} {type_}"
