"""Rows of the online-retail benchmark, from a report that is only noted."""

from types import SimpleNamespace
from typing import Any

from benchmarks.bench_online_retail import _figures
from winnow.evaluation.report import Difference, ReportRow


def row(model, metric, *, k=10, part="all", seen="masked", value=0.2):
    return ReportRow(model=model, metric=metric, k=k, slice=part, seen=seen, value=value, low=0.1, high=0.3)


def test_every_model_has_its_rows_and_ours_tells_what_it_has_over_each():
    rows = [
        row("winnow", "recall", value=0.25),
        row("ease", "recall"),
        row("ease", "recall", k=20),
        row("ease", "recall", part="warm"),
        row("ease", "coverage"),
    ]
    differences = [
        Difference(model="ease", metric="recall", k=10, seen="masked", value=0.05, low=0.01, high=0.09),
        Difference(model="ease", metric="recall", k=10, seen="kept", value=-0.5, low=-0.6, high=-0.4),
        Difference(model="ease", metric="recall", k=10, slice="new_items", seen="masked", value=0.5, low=0.4, high=0.6),
    ]
    report: Any = SimpleNamespace(rows=rows, differences=differences)
    ours, theirs = _figures(report)
    assert (ours.name, ours.value) == ("online_retail.masked.winnow.recall_at_10", 0.25)
    assert ours.how.endswith("[0.1000, 0.3000]; +0.0500 [+0.0100, +0.0900] over ease")
    assert theirs.name == "online_retail.masked.ease.recall_at_10"
