"""What is proposed, of rows that are made up."""

import json
from dataclasses import replace

import pytest

from winnow.ops.load.capacity_plan import CapacityPlan
from winnow.ops.load.capacity_report import CapacityReport
from winnow.ops.load.capacity_row import CapacityRow, CapacitySetting, pareto_front
from winnow.schema.errors import RequestError


def row(share, workers, per_s, agreement):
    return CapacityRow(
        setting=CapacitySetting(retrieval_share=share, index="exact", workers=workers),
        candidates=300 * share,
        agreement=agreement,
        recall=1.0,
        idle_p50_ms=3.0,
        idle_p99_ms=10 * share,
        per_s=per_s,
        p50_ms=5.0 if per_s else float("inf"),
        p99_ms=20.0 if per_s else float("inf"),
        generator_share=0.2,
    )


WHOLE, TWO, HALF, SLOW, QUARTER = (
    row(1.0, 1, 300.0, 1.0),
    row(1.0, 2, 500.0, 1.0),
    row(0.5, 1, 400.0, 0.95),
    row(0.5, 2, 450.0, 0.95),
    row(0.25, 2, 900.0, 0.8),
)


def report(*rows):
    plan = CapacityPlan(target_p99_ms=25.0)
    return CapacityReport(bundle="shop", plan=plan, rows=rows, notes=("a note",), cores=2)


def test_a_row_is_on_the_front_unless_another_is_as_good_in_all_and_better_in_one():
    rows = (WHOLE, TWO, HALF, SLOW, QUARTER)
    assert pareto_front(rows) == [WHOLE, TWO, HALF, QUARTER]
    assert pareto_front((WHOLE, replace(WHOLE))) == [WHOLE, WHOLE]
    assert pareto_front((row(1.0, 1, 0.0, 1.0),)) == []


def test_the_most_that_keeps_nine_items_in_ten_is_proposed():
    told = report(WHOLE, TWO, HALF, SLOW, QUARTER)
    assert "RETRIEVAL_SHARE=1 (300 candidates), index exact, WINNOW_WORKERS=2 holds 500 requests/s" in told.proposal
    assert "p99 <= 25 ms" in told.proposal
    assert told.lines()[-1] == told.proposal


def test_where_only_other_answers_are_fast_enough_that_is_said():
    told = report(row(1.0, 1, 0.0, 1.0), QUARTER)
    assert "only WINNOW_RETRIEVAL_SHARE=0.25" in told.proposal
    assert "no more than 80.0%" in told.proposal


def test_where_nothing_holds_the_least_that_an_idle_service_takes_is_said():
    told = report(row(1.0, 1, 0.0, 1.0), row(0.5, 1, 0.0, 0.9))
    assert "No setting holds p99 <= 25 ms" in told.proposal
    assert "3.0 ms (p50) and 5.0 ms (p99)" in told.proposal


def test_rates_that_less_work_makes_worse_are_called_unsteady():
    assert report(WHOLE, TWO, HALF).is_steady  # another number of workers is other work
    assert report(WHOLE, row(0.5, 1, 250.0, 0.95)).is_steady
    told = report(WHOLE, row(0.5, 1, 200.0, 0.95))
    assert not told.is_steady
    assert "not steady" in told.lines()[-2]
    assert told.lines()[-1] == told.proposal


def test_the_table_marks_the_front_and_says_where_the_load_came_from():
    lines = report(WHOLE, SLOW, TWO, HALF, row(0.1, 1, 0.0, 0.5)).lines()
    marked = [line.lstrip().startswith("*") for line in lines[1:6]]
    assert marked == [True, False, True, True, False]
    assert len({len(line) for line in lines[:6]}) == 1
    assert any("same 2 cores, of which it took 0.20" in line for line in lines)
    assert "a note" in lines


def test_programs_read_the_same():
    told = json.loads(json.dumps(report(TWO, row(0.5, 1, 0.0, 0.9)).to_dict(), allow_nan=False))
    first, second = told["rows"]
    assert (first["workers"], first["per_s"], first["pareto"], first["proposed"]) == (2, 500.0, True, True)
    assert (second["p99_ms"], second["pareto"], second["proposed"]) == (None, False, False)
    assert told["proposal"].startswith("For p99 <= 25 ms")


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"target_p99_ms": 0.0}, "The target is 0.0 ms"),
        ({"shares": (0.5,)}, "begin with 1"),
        ({"shares": (1.0, 0.0)}, "above 0 to 1"),
        ({"workers": 2}, "WINNOW_VALKEY_URL"),
        ({"visitors": 0}, "0 visitors"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(values, sentence):
    with pytest.raises(RequestError, match=sentence):
        CapacityPlan(**{"target_p99_ms": 25.0, **values})
