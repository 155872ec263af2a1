"""A load on a service of a few lines."""

import asyncio
import json
from dataclasses import replace

import numpy as np
import pytest

from tests.unit.ops.load.loopback_server import HANG_UP, LACKING, SILENCE, WHOLE, loopback_server
from winnow.ops.load.load_plan import LoadPlan
from winnow.ops.load.load_run import LoadRun
from winnow.schema.errors import RequestError, Unavailable

PLAN = LoadPlan(url="http://127.0.0.1:1", bodies=("{}",), connections=2, seconds=0.05, warm_s=0.0, patience_s=20.0)


def made(plan, answer):
    async def run():
        async with loopback_server(answer) as url:
            return await LoadRun(replace(plan, url=url)).result()

    return asyncio.run(run())


def bodies(number):
    return tuple(json.dumps({"user_id": f"user {each}"}) for each in range(number))


def test_bodies_are_asked_in_turn_over_all_connections():
    heard = []
    result = made(replace(PLAN, bodies=bodies(3)), lambda body: heard.append(json.loads(body)["user_id"]) or WHOLE)
    assert len(result) == len(heard) > 3
    assert heard[:3] == ["user 0", "user 1", "user 2"]
    assert result.failed == result.degraded == 0
    assert (result.latencies_ms > 0).all()
    assert result.per_s == pytest.approx(len(result) / result.seconds)


def test_at_a_rate_every_request_that_was_planned_is_made_once():
    asked, heard = bodies(7), []
    plan = replace(PLAN, rate=2_000.0, bodies=asked)
    result = made(plan, lambda body: heard.append(body) or WHOLE)
    assert len(result) == len(heard) == len(plan.starts_s())
    times = [heard.count(body.encode()) for body in asked]
    assert max(times) - min(times) <= 1


def test_what_waits_for_a_connection_counts_from_when_it_was_to_begin():
    """All requests are due within a moment; the one connection is answered once a tick of a clock that we move."""
    plan = replace(PLAN, rate=10_000.0, connections=1, seconds=0.01)
    now = [0.0]

    def slow(_):
        now[0] += 1.0
        return WHOLE

    async def run():
        async with loopback_server(slow) as url:
            return await LoadRun(replace(plan, url=url), clock=lambda: now[0]).result()

    # The clock begins to move with the first answer, so the first request is due at once.
    starts = plan.starts_s()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(LoadPlan, "starts_s", lambda _: starts - starts[0])
        result = asyncio.run(run())
    # Answer n comes n seconds after the beginning; a service that is asked again only when it has answered hides that.
    assert np.allclose(result.latencies_ms / 1e3 + (starts - starts[0]), 1 + np.arange(len(starts)))


def test_refusals_fail_and_what_lacks_something_is_told():
    def answer(body):
        return {"user 0": WHOLE, "user 1": b"503", "user 2": LACKING}[json.loads(body)["user_id"]]

    result = made(replace(PLAN, rate=3_000.0, bodies=bodies(3)), answer)
    counts = {status: int((result.statuses == status).sum()) for status in (200, 503)}
    assert sum(counts.values()) == len(result)
    assert result.failed == counts[503] > 0
    assert 0 < result.degraded < counts[200]


def test_a_broken_connection_is_one_failure_and_another_one_is_opened():
    asked = []

    def answer(body):
        asked.append(body)
        return HANG_UP if len(asked) == 5 else WHOLE

    result = made(replace(PLAN, rate=2_000.0), answer)
    assert result.statuses.tolist().count(0) == result.failed == 1
    assert len(result) == len(asked)


def test_an_answer_that_does_not_come_has_failed():
    result = made(replace(PLAN, connections=1, patience_s=0.05), lambda _: SILENCE)
    assert result.statuses.tolist() == [0]
    assert result.latencies_ms[0] > 50


def test_what_begins_in_the_warm_up_does_not_count():
    heard = []
    result = made(replace(PLAN, rate=2_000.0, warm_s=0.05), lambda body: heard.append(body) or WHOLE)
    assert 0 < len(result) < len(heard)


def test_nobody_there_is_a_sentence():
    with pytest.raises(Unavailable, match="Is it running"):
        asyncio.run(LoadRun(PLAN).result())


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"bodies": ()}, "no bodies"),
        ({"connections": 0}, "0 connections"),
        ({"rate": 0.0}, "rate is 0.0"),
        ({"seconds": 0.0}, "above 0"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(changes, sentence):
    with pytest.raises(RequestError, match=sentence):
        replace(PLAN, **changes)


@pytest.mark.parametrize("url", ["127.0.0.1:80", "https://there", "http://there:port"])
def test_an_address_that_is_none_is_refused(url):
    with pytest.raises(RequestError, match="not the address"):
        LoadRun(replace(PLAN, url=url))


def test_gaps_are_those_of_independent_callers_and_the_same_for_a_seed():
    plan = replace(PLAN, rate=1_000.0, seconds=10.0)
    gaps = np.diff(plan.starts_s())
    assert len(gaps) == pytest.approx(10_000, rel=0.05)
    assert gaps.std() == pytest.approx(gaps.mean(), rel=0.05)
    assert np.array_equal(plan.starts_s(), plan.starts_s())
    assert not np.array_equal(plan.starts_s()[:9], replace(plan, seed=1).starts_s()[:9])
