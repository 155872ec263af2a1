import os
import subprocess
import sys

import pytest
from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest

from tests.unit.serving.meters.test_metrics import samples
from winnow.serving.meters.worker_processes import WorkerProcesses


@pytest.fixture
def other():
    """Another process, by its number."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        yield process.pid
        process.communicate(b"\n")


def test_every_worker_that_lives_is_told_of_by_its_number_as_it_would_tell_of_itself(tmp_path, other):
    own, gone = os.getpid(), 2**22 + 1  # no process has so high a number
    for pid in (own, other, gone):
        (tmp_path / f"gauge_livesum_{pid}.db").touch()
    (tmp_path / "counter_1.db").touch()
    registry, alone = CollectorRegistry(), CollectorRegistry()
    registry.register(WorkerProcesses(folder=tmp_path))
    ProcessCollector(registry=alone)
    text = generate_latest(registry).decode()
    found, itself = samples(text), samples(generate_latest(alone).decode())
    assert {name for name, *_ in found} == {name for name, *_ in itself}
    assert {pid for _, pid in found} == {str(own), str(other)}
    assert found["process_start_time_seconds", str(own)] == itself["process_start_time_seconds",]
    assert found["process_start_time_seconds", str(other)] >= found["process_start_time_seconds", str(own)]
    assert text.count("# HELP process_start_time_seconds") == 1


def test_where_nobody_works_there_is_nothing(tmp_path):
    assert list(WorkerProcesses(folder=tmp_path).collect()) == []
