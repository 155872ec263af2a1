"""Benchmarks in a process that all tests share."""

from types import SimpleNamespace

import pytest

from benchmarks import measure


@pytest.fixture(autouse=True)
def garbage_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before it times, a benchmark looks through all that lives; what other tests left takes a second each time."""
    untouched = dict.fromkeys(("collect", "freeze", "unfreeze"), lambda: None)
    monkeypatch.setattr(measure, "gc", SimpleNamespace(**untouched))
