"""A load from another process."""

import asyncio

import pytest

from tests.unit.ops.load.loopback_server import LACKING, loopback_server
from winnow.ops.load.load_plan import LoadPlan
from winnow.ops.load.run_load import run_load
from winnow.schema.errors import Unavailable


def test_another_process_makes_the_load_and_tells_all_of_it():
    async def run():
        async with loopback_server(lambda _: LACKING) as url:
            plan = LoadPlan(url=url, bodies=("{}",), connections=3, rate=500.0, seconds=0.1, warm_s=0.0)
            return plan, await asyncio.to_thread(run_load, plan)

    plan, result = asyncio.run(run())
    assert len(result) == len(result.latencies_ms) == result.degraded == len(plan.starts_s())
    assert result.failed == 0
    assert result.generator_share > 0


def test_what_it_cannot_do_it_says_here():
    with pytest.raises(Unavailable, match="Is it running"):
        run_load(LoadPlan(url="http://127.0.0.1:1", bodies=("{}",)))
