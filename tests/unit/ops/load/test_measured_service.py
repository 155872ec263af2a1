"""The most that a service holds, of services whose limit is known."""

import pytest

from tests.unit.ops.load.results import made_result
from winnow.ops.load.load_plan import LoadPlan
from winnow.ops.load.measured_service import STEPS, measured_service
from winnow.schema.errors import Unavailable

PLAN = LoadPlan(url="http://127.0.0.1:1", bodies=("{}",), seconds=3.0)


class Service:
    """Holds up to a rate; beyond it, goes wrong in its own way."""

    def __init__(self, limit, beyond, idle=None):
        self.limit, self.beyond, self.asked = limit, beyond, []
        self.idle = made_result(5) if idle is None else idle

    def __call__(self, plan):
        self.asked.append(plan)
        if plan.rate is None:
            return self.idle if plan.connections == 1 else made_result(40, per_s=400.0)
        return made_result(20) if plan.rate <= self.limit else self.beyond


@pytest.mark.parametrize("beyond", [made_result(26), made_result(5, failed=1), made_result(5, degraded=1)])
def test_the_highest_rate_is_found_whatever_gives_way_first(beyond):
    service, told = Service(250.0, beyond), []
    found = measured_service(PLAN, 2, 25.0, lambda: told.append(1), service)
    assert found.held is not None
    # Busy with 400 a second, 440 is too much; each of five tries halves what is not known.
    assert 250.0 - 440.0 / 2**5 <= found.held.per_s <= 250.0
    assert found.held.result.quantile_ms(0.99) == 20
    assert len(told) == len(service.asked) == STEPS
    assert [plan.connections for plan in service.asked[:2]] == [1, 16]


def test_a_99th_percentile_is_of_enough_requests():
    service = Service(1e9, made_result(99))
    measured_service(PLAN, 1, 25.0, lambda: None, service)
    assert all(plan.rate * plan.seconds >= 200 for plan in service.asked[2:])


def test_a_target_that_one_caller_alone_misses_is_not_looked_for():
    service = Service(250.0, made_result(99), idle=made_result(30))
    found = measured_service(PLAN, 1, 25.0, lambda: None, service)
    assert found.held is None
    assert len(service.asked) == 1


@pytest.mark.parametrize(
    "idle",
    [made_result(5, failed=3), made_result(5, degraded=3), made_result(5, number=0)],
    ids=["failed", "degraded", "nothing"],
)
def test_a_service_that_fails_one_caller_alone_is_not_measured(idle):
    with pytest.raises(Unavailable, match="mend that first"):
        measured_service(PLAN, 1, 25.0, lambda: None, Service(250.0, made_result(99), idle=idle))


def test_a_service_that_holds_nothing_has_no_rate():
    assert measured_service(PLAN, 1, 25.0, lambda: None, Service(0.0, made_result(99))).held is None
