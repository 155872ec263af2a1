"""What it costs a request that its answer is logged, and how fast answers come to disk."""

import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from benchmarks.inputs import Inputs
from benchmarks.measure import latencies_ms
from benchmarks.result import Result
from benchmarks.workload import K, workload_of
from winnow.api.recommendations import RecommendationRequest
from winnow.engine.open_engine import open_engine
from winnow.serving.event_log.served_list import ServedList
from winnow.serving.event_log.served_log import ServedLog

GROUP = "served"
QUALITY = False
ANSWERS = 3_000


def rows(inputs: Inputs) -> Iterator[Result]:
    """The median of what is done while the request waits; lists a second of one flush; bytes of a list."""
    engine, workload = open_engine(inputs.bundle), workload_of(inputs.retail)
    asked = RecommendationRequest(context={"device_type": "phone"})
    answers = [engine.pipeline(workload.request(number)) for number in range(ANSWERS)]
    log = ServedLog(path=inputs.cache, dropped=_nothing, written=_nothing, most_items=10_000_000)
    taken = latencies_ms(
        lambda number: log.tell(ServedList.of(engine, answers[number % ANSWERS], asked, 0, workload.at)),
        warm_up=200,
        rounds=50,
        label="served",
    )
    how = f"lists of {K} to as many users, with all that the ranker of the retail bundle reads"
    told = f"taking down {how}, without the writing, which is done beside the requests; 5,000 times, one thread"
    value = float(np.median(taken)) * 1e3
    yield Result(name="served.list.request_us", value=value, unit="us", better="lower", how=told)
    lists = [ServedList.of(engine, answer, asked, 0, workload.at) for answer in answers]
    with TemporaryDirectory(dir=inputs.cache) as folder:
        seconds, size = _written(lists, Path(folder))
    told = f"one flush of {ANSWERS:,} {how}, as Parquet, brought to disk"
    yield Result(
        name="served.list.written_a_second", value=ANSWERS / seconds, unit="lists/s", better="higher", how=told
    )
    yield Result(name="served.list.bytes", value=size / ANSWERS, unit="bytes", better="lower", how=f"on disk, {how}")


def _written(lists: list[ServedList], folder: Path) -> tuple[float, int]:
    """Seconds and bytes."""
    log = ServedLog(path=folder, dropped=_nothing, written=_nothing, most_items=10_000_000)
    for each in lists:
        log.tell(each)
    started = time.perf_counter()
    log.flush()
    return time.perf_counter() - started, sum(each.stat().st_size for each in folder.rglob("*.parquet"))


def _nothing(_: int) -> None:
    """Nobody counts here."""
