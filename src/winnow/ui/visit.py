"""Who visits, from where and when, and what they want to see: all that an address carries."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4, uuid5

from winnow.api.events import VisitorEvent, new_event_id
from winnow.api.limits import MAX_ID_CHARS
from winnow.api.recommendations import RecommendationRequest
from winnow.schema.schema import EventType
from winnow.ui.address_number import BOUND, ITEMS, MAX, MIN, NUMBERS, Pairs
from winnow.ui.moment import next_moment

WANTED, WITH = "in.", "with."
"""In an address, before the names of what items are filtered by, and of what is told of the moment."""
WHO = {"user", "session"}
ONCE = {EventType.IMPRESSION, EventType.VIEW, EventType.CLICK}
"""What counts once for each item of an answer."""
OF_AN_ANSWER = UUID("0c1b5f52-6a53-4d1f-9d0e-6c1f0a5c5e10")


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """The state of one visit. Frozen: a control makes another one by `replace`, and the address follows.

    Attributes:
        user_id: who; empty for a visitor without a name.
        session_id: of a visitor without a name; empty for a user.
        context: what is told of the moment, by column of the shop; what is absent is unknown.
        hour: 0 to 23, UTC; None: now.
        weekday: 0 is Monday; None: now.
        k: items wanted.
        diversity, explore: None: what the recipe says.
        filters: by filterable feature, a list of values or an object with `min`, `max` or both, as the service takes.
    """

    user_id: str = ""
    session_id: str = ""
    context: Mapping[str, str] = field(default_factory=dict)
    hour: int | None = None
    weekday: int | None = None
    k: int = ITEMS
    diversity: float | None = None
    explore: float | None = None
    filters: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_named(self) -> bool:
        """Whether anybody's events can be told from others'."""
        return bool(self.user_id or self.session_id)

    @property
    def visitor(self) -> tuple[str, str]:
        """Whose events they are: a user, or a session."""
        return self.user_id, self.session_id

    @staticmethod
    def read(pairs: Pairs) -> "Visit":
        """Out of an address's query. Anybody writes addresses: what `misread` tells counts as not said."""
        pairs = list(pairs)
        said = dict(pairs)
        user_id = said.get("user", "")[:MAX_ID_CHARS]
        return Visit(
            user_id=user_id,
            session_id="" if user_id else said.get("session", "")[:MAX_ID_CHARS],
            context={name[len(WITH) :]: value[:MAX_ID_CHARS] for name, value in pairs if name.startswith(WITH)},
            hour=NUMBERS["hour"].whole(said.get("hour")),
            weekday=NUMBERS["weekday"].whole(said.get("weekday")),
            k=NUMBERS["k"].whole(said.get("k")) or ITEMS,
            diversity=NUMBERS["diversity"].read(said.get("diversity")),
            explore=NUMBERS["explore"].read(said.get("explore")),
            filters=_filters(pairs),
        )

    def pairs(self) -> list[tuple[str, str]]:
        """As `read` reads them; only what was said."""
        told = {"user": self.user_id, "session": self.session_id}
        told |= {f"{WITH}{name}": value for name, value in self.context.items()}
        told |= {"hour": self.hour, "weekday": self.weekday, "k": None if self.k == ITEMS else self.k}
        told |= {"diversity": self.diversity, "explore": self.explore}
        return [(name, f"{value}") for name, value in told.items() if value not in {None, ""}] + _written(self.filters)

    def at(self, path: str, own: Pairs = ()) -> str:
        """The address of a page of this visit, such as "/?user=u1&k=20"; `own` is what only that page knows."""
        return f"{path}?{urlencode(query)}" if (query := [*self.pairs(), *own]) else path

    def request(self, *, trace: bool = False) -> RecommendationRequest:
        """What the service is asked for this visit now."""
        moment = next_moment(datetime.now(UTC), self.hour, self.weekday)
        context = {**self.context, "timestamp": moment}
        return RecommendationRequest(
            user_id=self.user_id or None,
            session_id=self.session_id or None,
            context={name: value for name, value in context.items() if value},
            k=self.k,
            filters=dict(self.filters),
            diversity=self.diversity,
            explore=self.explore,
            trace=trace,
        )

    def event(self, item_id: str, kind: EventType, request_id: str = "") -> VisitorEvent:
        """What the service is told when this visitor does something.

        Args:
            item_id: with which item.
            kind: what.
            request_id: of the answer in which the item was shown, if in one.
        """
        # What is due to an answer is named by it: who comes back to a page has not looked twice.
        told = (*self.visitor, item_id, kind, request_id)
        return VisitorEvent(
            user_id=self.user_id or None,
            session_id=self.session_id or None,
            item_id=item_id,
            type=kind,
            event_id=uuid5(OF_AN_ANSWER, repr(told)).hex if request_id and kind in ONCE else new_event_id(),
            request_id=request_id,
        )


def new_session() -> str:
    """A name for a visitor who has none."""
    return uuid4().hex[:12]


def _filters(pairs: Pairs) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name.startswith(WANTED) and isinstance(wanted := found.setdefault(name[len(WANTED) :], []), list):
            wanted.append(value)
    for bound in (MIN, MAX):
        for name, value in pairs:
            number = BOUND.read(value) if name.startswith(bound) else None
            if number is not None and isinstance(bounds := found.setdefault(name[len(bound) :], {}), dict):
                bounds[bound[:-1]] = number
    return found


def _written(filters: Mapping[str, Any]) -> list[tuple[str, str]]:
    written: list[tuple[str, str]] = []
    for name, wanted in filters.items():
        if isinstance(wanted, Mapping):
            written += [(f"{bound}.{name}", f"{value:g}") for bound, value in wanted.items()]
        else:
            written += [(f"{WANTED}{name}", value) for value in wanted]
    return written
