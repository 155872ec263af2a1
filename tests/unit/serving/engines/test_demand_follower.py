import asyncio
import logging
import threading

import numpy as np
import pytest

from tests.unit.serving.meters.test_metrics import samples
from tests.unit.serving.small_engine import SilentState, counting_engine, small_engine
from winnow.schema.errors import Unavailable
from winnow.serving.app import create_app
from winnow.serving.engines.demand_follower import DemandFollower, pause_s
from winnow.serving.engines.live_engine import LiveEngine
from winnow.serving.meters.metrics import Metrics
from winnow.serving.settings.settings import Settings

NOBODY = np.empty(0, np.uint64), np.empty(0)


class Asked(SilentState):
    """A store that says how often it was asked, and answers after some silence."""

    def __init__(self, silent: int = 0) -> None:
        self.silent = silent
        self.times = threading.Semaphore(0)

    def demand(self, counted, now):
        self.times.release()
        self.silent -= 1
        if self.silent >= 0:
            raise Unavailable("The state store does not answer.")
        return NOBODY


def follower_of(state: object, every_s: float = 0) -> DemandFollower:
    live = LiveEngine(small_engine(state=state))
    return DemandFollower(live=live, metrics=Metrics(), every_s=every_s, clock=lambda: 1e9)


def told_at(metrics: Metrics) -> float:
    return samples(metrics.text().decode())[("winnow_demand_timestamp_seconds",)]


def test_a_silent_store_is_logged_once_and_found_when_it_is_back(caplog):
    follower = follower_of(Asked(silent=2))
    with caplog.at_level(logging.WARNING):
        assert not any(follower.follow() for _ in range(2))
        assert told_at(follower.metrics) == 0
        follower.follow()
    assert told_at(follower.metrics) == 1e9
    assert [record.getMessage() for record in caplog.records] == [
        "Sources stay as they are, since nobody says what is in demand: The state store does not answer."
    ]


def test_without_news_the_engine_is_the_same():
    engine = counting_engine()
    live = LiveEngine(engine)
    assert live.follow_demand(1e9) is False
    assert live.current is engine


def test_a_look_that_takes_long_is_rare():
    assert pause_s(0.01, 5) == 5
    assert pause_s(2, 5) == 100


@pytest.mark.parametrize("every_s", [1, 0])
def test_a_service_looks_as_soon_as_it_lives_and_not_at_all_where_it_is_told_so(every_s):
    state = Asked()
    app = create_app(small_engine(state=state), Settings(demand_s=every_s))

    async def lives() -> bool:
        async with app.router.lifespan_context(app):
            return await asyncio.to_thread(state.times.acquire, timeout=20 if every_s else 0)

    assert asyncio.run(lives()) is (every_s > 0)


def test_a_mistake_is_logged_and_is_not_the_last_look(caplog):
    class Mistaken(Asked):
        def demand(self, counted, now):
            super().demand(counted, now)
            raise ZeroDivisionError

    state = Mistaken()

    async def twice() -> None:
        async with follower_of(state, 1e-3).following():
            for _ in range(2):
                assert await asyncio.to_thread(state.times.acquire, timeout=20)

    asyncio.run(twice())
    assert "could not be told what is in demand" in caplog.text
