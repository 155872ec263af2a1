"""A few minutes of scrapes, taken only while somebody looks, and once for all who do."""

import asyncio
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from winnow.api.client import Client
from winnow.ui.fault import Fault
from winnow.ui.operations.scrape import Scrape
from winnow.ui.service import Service

EVERY_S = 3.0
KEPT_S = 300.0


@dataclass(slots=True, kw_only=True)
class Watch:
    """What all open pages look at.

    Attributes:
        service: that is asked.
    """

    service: Service
    _scrapes: deque[Scrape] = field(default_factory=deque, init=False)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock, init=False)

    async def look(self) -> Sequence[Scrape] | Fault:
        """Those of the last minutes in their order, the last one of now; a fault while the service does not answer."""
        async with self._turn:
            if not self._is_fresh():
                scrape = await self.service.ask(_scraped)
                if isinstance(scrape, Fault):
                    return scrape
                self._scrapes.append(scrape)
                while self._scrapes[0].at < scrape.at - KEPT_S:
                    self._scrapes.popleft()
            return tuple(self._scrapes)

    def _is_fresh(self) -> bool:
        # Two pages that look at almost the same time see the same.
        return bool(self._scrapes) and time.monotonic() - self._scrapes[-1].at < EVERY_S / 2


def _scraped(client: Client) -> Scrape:
    text = client.fetch("/metrics").decode(errors="replace")
    return Scrape.read(text, time.monotonic())
