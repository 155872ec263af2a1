"""Tells Prometheus which bundle answers, when its items changed, and how a candidate does."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from winnow.serving.engines.live_engine import LiveEngine
from winnow.serving.engines.shadow import Shadow
from winnow.serving.meters.metrics import Metrics

EVERY_S = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class LineupGauges:
    """Gauges that hold what is so at an instant.

    Attributes:
        live: has the lineup.
        shadow: knows how a candidate does.
        metrics: are told.
    """

    live: LiveEngine
    shadow: Shadow
    metrics: Metrics

    def tell(self) -> None:
        """Brings them up to date."""
        self.metrics.count()
        lineup = self.live.lineup
        self.metrics.bundle(lineup.serving.engine.name, lineup.serving.engine.digest)
        self.metrics.items_changed(self.live.changed_at)
        candidate = lineup.shadow
        self.metrics.shadow(None if candidate is None else self.shadow.of(candidate.engine.digest).sums())

    @asynccontextmanager
    async def telling(self) -> AsyncGenerator[None]:
        """Again and again while the block runs, where another worker may be the one that Prometheus asks."""
        telling = asyncio.create_task(self._tell()) if self.metrics.is_shared else None
        try:
            yield
        finally:
            if telling is not None:
                telling.cancel()
                await asyncio.wait([telling])

    async def _tell(self) -> None:
        while True:
            self.tell()
            await asyncio.sleep(EVERY_S)
