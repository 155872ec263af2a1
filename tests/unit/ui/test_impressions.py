"""What counts as shown."""

import asyncio
from dataclasses import dataclass, field
from typing import Any, cast

from winnow.api.events import VisitorEvent
from winnow.ui.impressions import Impressions
from winnow.ui.service import Service
from winnow.ui.shown_item import ShownItem
from winnow.ui.visit import Visit


@dataclass(frozen=True)
class Told:
    """A service that keeps what it is told; also its own client."""

    events_told: list[VisitorEvent] = field(default_factory=list)

    async def ask(self, call: Any) -> None:
        call(self)

    def events(self, events: list[VisitorEvent]) -> None:
        self.events_told.extend(events)


def test_each_item_that_was_drawn_counts_once_and_for_who_saw_it() -> None:
    service = Told()
    impressions = Impressions(service=cast("Service", service))
    impressions.expect(Visit(user_id="a"), [ShownItem(item_id="i", title="I", request_id="r")])
    impressions.expect(Visit(user_id="b"), [ShownItem(item_id="i", title="I", request_id="s")])
    for said in ([["r", "i"], ["r", "i"]], [["r", "i"], ["s", "i"]], [["r", "other"], "nonsense", ["s"]]):
        asyncio.run(impressions.report(said))
    assert [(each.user_id, each.request_id, each.type) for each in service.events_told] == [
        ("a", "r", "impression"),
        ("b", "s", "impression"),
    ]
