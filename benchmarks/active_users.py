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

USERS, EVENTS = 500, 10


@dataclass(frozen=True, slots=True, kw_only=True)
class ActiveUsers:
    """Some users who bought a few items just now, so that there is state to read, and what they had to keep from them.

    Attributes:
        user_ids: outside names.
        items: outside names of what may be bought.
        at: just after that, UTC seconds.
    """

    user_ids: tuple[str, ...]
    items: tuple[str, ...]
    at: float

    @staticmethod
    def of(workload: Workload, engine: Engine, at: float) -> "ActiveUsers":
        """The first users of a workload."""
        items = engine.catalogue.item_ids
        return ActiveUsers(user_ids=workload.user_ids[:USERS], items=items, at=at)

    @property
    def workload(self) -> Workload:
        """The same users, who ask now."""
        return Workload(user_ids=self.user_ids, at=self.at)

    def bodies(self) -> tuple[str, ...]:
        """A request of each, as the client writes it."""
        return tuple(asked_by(each, K) for each in self.user_ids)

    def live_in(self, engine: Engine) -> None:
        """Tells an engine of this process."""
        for user, item, event_id in self._bought():
            bought = Event(event_id=event_id, user_id=user, item_id=item, type=EventType.PURCHASE, at=self.at - 1.0)
            engine.state.append([bought])

    def tell(self, client: Client) -> None:
        """Tells a service."""
        told: list[VisitorEvent] = []
        for user, item, event_id in self._bought():
            user_id, session_id = told_as(user)
            told.append(
                VisitorEvent(
                    user_id=user_id, session_id=session_id, item_id=item, type=EventType.PURCHASE, event_id=event_id
                )
            )
        for start in range(0, len(told), 100):
            client.events(told[start : start + 100])

    def _bought(self) -> Iterator[tuple[str, str, str]]:
        for number, user in enumerate(self.user_ids):
            for place in range(EVENTS):
                yield user, self.items[(number + 7 * place) % len(self.items)], f"{number} {place}"
