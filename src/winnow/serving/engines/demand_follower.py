"""Brings what is in demand to the sources, again and again."""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from time import perf_counter

from winnow.schema.errors import Unavailable
from winnow.serving.engines.live_engine import LiveEngine
from winnow.serving.meters.metrics import Metrics

logger = logging.getLogger(__name__)

SHARE = 0.02
"""Most of the time that may go into it: in a large shop the sources are made anew less often."""


@dataclass(slots=True, kw_only=True)
class DemandFollower:
    """While the store is silent, the sources stay as they were told last, at first as the bundle has them.

    Attributes:
        live: the engine that is told.
        metrics: told how fresh it is.
        every_s: seconds from one look at the store to the next, at least; 0 for none.
        clock: UTC seconds.
    """

    live: LiveEngine
    metrics: Metrics
    every_s: float
    clock: Callable[[], float] = time.time
    _is_silent: bool = field(default=False, init=False)

    def follow(self) -> bool:
        """Looks once; returns whether the sources changed. A store that does not answer is logged once."""
        now = self.clock()
        try:
            changed = self.live.follow_demand(now)
        except Unavailable as error:
            if not self._is_silent:
                logger.warning("Sources stay as they are, since nobody says what is in demand: %s", error)
            self._is_silent = True
            return False
        self._is_silent = False
        self.metrics.demand(now)
        return changed

    @asynccontextmanager
    async def following(self) -> AsyncGenerator[None]:
        """Looks again and again while the block runs, beside the requests."""
        looking = asyncio.create_task(self._look()) if self.every_s else None
        try:
            yield
        finally:
            if looking is not None:
                looking.cancel()
                await asyncio.wait([looking])

    async def _look(self) -> None:
        while True:
            started = perf_counter()
            try:
                await asyncio.to_thread(self.follow)
            except Exception:
                # Like a request that fails by mistake, it must not be the last one.
                logger.exception("The sources could not be told what is in demand.")
            await asyncio.sleep(pause_s(perf_counter() - started, self.every_s))


def pause_s(took_s: float, every_s: float) -> float:
    """Seconds to wait after a look that took some."""
    return max(every_s, took_s / SHARE)
