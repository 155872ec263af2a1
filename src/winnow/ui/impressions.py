"""What was in view, told to the service: only that counts as shown."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from winnow.schema.schema import EventType
from winnow.ui.service import Service
from winnow.ui.shown_item import ShownItem
from winnow.ui.visit import Visit


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Impressions:
    """Those of one open page. Its browser says what was in view; each item of an answer counts once.

    Attributes:
        service: who is told.
    """

    service: Service
    _drawn: dict[tuple[str, str], Visit] = field(default_factory=dict, init=False)

    def expect(self, visit: Visit, items: Iterable[ShownItem]) -> None:
        """Lets items be reported that the page draws now, as shown to this visit, whoever comes after it."""
        self._drawn.update({(item.request_id, item.item_id): visit for item in items})

    async def report(self, pairs: Any) -> None:
        """Tells of those that were in view.

        What the service does not take is lost: better one too few than one that nobody saw.

        Args:
            pairs: lists of a request id and an item id, as a browser says; what the page has not drawn is passed over.
        """
        said = [(each[0], each[1]) for each in pairs if isinstance(each, list) and len(each) == 2]
        seen = [(pair, visit) for pair in said if (visit := self._drawn.pop(pair, None)) is not None]
        if seen:
            events = [visit.event(item_id, EventType.IMPRESSION, request_id) for (request_id, item_id), visit in seen]
            await self.service.ask(lambda client: client.events(events))
