"""What is told of a load and of a process."""

import os
import subprocess
import sys

import numpy as np
import pytest

from benchmarks import serve_measure
from benchmarks.active_users import ActiveUsers
from benchmarks.bench_serve import _how, _of_several
from benchmarks.refused import RefusedError
from benchmarks.serve_measure import loaded
from benchmarks.service import children, resident_mb
from winnow.ops.load.load_plan import LoadPlan
from winnow.ops.load.load_result import LoadResult
from winnow.stores.event import Event

RESULT = LoadResult(
    latencies_ms=np.array([1.0, 3.0]), statuses=np.array([200, 200]), degraded=1, seconds=0.5, generator_share=0.25
)
USERS = ActiveUsers(
    user_ids=("ann", "bob"),
    done=(Event(event_id="1", user_id="ann", item_id="chair", type="click", at=4.0),),
    at=5.0,
)
PLAN = LoadPlan(url="http://127.0.0.1:1", bodies=("{}",))


def test_a_rate_says_where_the_load_came_from_and_what_was_degraded():
    rate, tail = _of_several("serve.http.c8", RESULT, _how(RESULT, USERS, "two workers", 8, "3 items"))
    assert (rate.name, rate.value) == ("serve.http.c8.rps", 4.0)
    assert (tail.name, tail.value) == ("serve.http.c8.p99_ms", pytest.approx(2.98))
    who = ("2 requests of 2 real users", "0.5 things", "50.0% degraded")
    for told in (*who, "two workers; 8 kept", f"same {os.cpu_count()} cores", "takes 0.25", "3 items"):
        assert told in rate.how


@pytest.mark.parametrize("statuses", [[200, 503], []])
def test_a_load_of_which_something_failed_is_not_published(statuses, monkeypatch):
    made = LoadResult(
        latencies_ms=np.ones(len(statuses)), statuses=np.array(statuses), degraded=0, seconds=1.0, generator_share=0.0
    )
    monkeypatch.setattr(serve_measure, "run_load", lambda _: made)
    with pytest.raises(RefusedError, match="failed"):
        loaded(PLAN)


@pytest.mark.skipif(sys.platform != "linux", reason="Only Linux tells of processes in /proc.")
def test_a_process_is_known_by_its_memory_and_its_children():
    rss, anonymous = resident_mb(os.getpid())
    assert 1 < anonymous < rss < 100_000
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        assert child.pid in children(os.getpid())
        child.communicate(b"\n")
