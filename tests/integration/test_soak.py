"""Everything at once: nothing fails, nothing grows. `make bench-quality ONLY=soak` takes half an hour of it."""

import os

import pytest

from benchmarks.soak import SoakPlan, soak
from tests.integration.conftest import KEY
from tests.served_registry import FIRST, TWIN
from tests.trained_shop import values_of_items
from winnow.ops.load.service_process import ServiceProcess


@pytest.mark.parametrize(
    ("seconds", "swap_s"), [(4.0, 1.0), pytest.param(120.0, 10.0, marks=pytest.mark.slow)], ids=["short", "long"]
)
def test_two_workers_answer_all_while_events_items_and_bundles_come(two_workers, engine, shop, seconds, swap_s):
    values = {**values_of_items(shop)[engine.catalogue.item_ids[0]], "picture": None}
    service = ServiceProcess(url=two_workers.url, pid=two_workers.process.pid, start_s=0.0)
    users = [f"soaked-{number}" for number in range(50)]
    plan = SoakPlan(
        seconds=seconds,
        bundles=(FIRST, TWIN),
        users=users,
        items=engine.catalogue.item_ids,
        values=values,
        swap_s=swap_s,
        item_s=0.5,
    )
    found = soak(service, KEY, plan)
    with two_workers.clients() as (one, _):
        one.promote(FIRST)
    assert found.failures == []
    assert min(len(found.taken), found.clicks, found.changes) > 0
    assert found.swaps >= 2
    if seconds > 60 and os.name == "posix":
        assert found.memory_mb(0.8, 1.0) < 1.1 * found.memory_mb(0.3, 0.5)
