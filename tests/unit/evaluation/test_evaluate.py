"""The report of the hand-made shop, figure by figure."""

import json
from dataclasses import replace
from math import log2

import pytest

from winnow.data.dataset import Dataset
from winnow.data.split import TimeSplit
from winnow.engine.engine import Engine
from winnow.evaluation.evaluate import evaluate
from winnow.evaluation.report import Report, ReportRow
from winnow.evaluation.report_text import report_text
from winnow.pipeline.candidates import Candidates
from winnow.pipeline.requests import Requests
from winnow.pipeline.stage import filter_stage
from winnow.schema.column import Bools
from winnow.schema.errors import Unavailable

KEYS = ["model", "metric", "k", "slice", "seen", "protocol", "value", "low", "high"]


@pytest.fixture
def report(engine: Engine, dataset: Dataset, split: TimeSplit) -> Report:
    return evaluate(engine, dataset, split)


def row(report: Report, model: str, metric: str, k: int, seen: str, slice_: str = "all") -> ReportRow:
    (found,) = [
        each
        for each in report.rows
        if (each.model, each.metric, each.k, each.seen, each.slice) == (model, metric, k, seen, slice_)
    ]
    return found


def value(report: Report, model: str, metric: str, k: int, seen: str, slice_: str = "all") -> float:
    return row(report, model, metric, k, seen, slice_).value


def test_winnow_with_the_history_kept(report: Report) -> None:
    # The answer is 1 to 50 for everybody. ann wants 2 12 65, bob 3, cy 10 25.
    assert value(report, "winnow", "recall", 10, "kept") == pytest.approx((1 / 3 + 1 + 1 / 2) / 3)
    assert value(report, "winnow", "recall", 20, "kept") == pytest.approx((2 / 3 + 1 + 1 / 2) / 3)
    assert value(report, "winnow", "hit_rate", 10, "kept") == 1
    ann = (1 / log2(3)) / (1 + 1 / log2(3) + 1 / 2)
    cy = (1 / log2(11)) / (1 + 1 / log2(3))
    assert value(report, "winnow", "ndcg", 10, "kept") == pytest.approx((ann + 1 / 2 + cy) / 3)
    assert value(report, "winnow", "coverage", 10, "kept") == 10 / 80
    assert value(report, "winnow", "gini", 20, "kept") == pytest.approx(0.75)


def test_winnow_with_the_history_masked(report: Report) -> None:
    # ann had 2 and 5, so her ten are 1 3 4 6 7 8 9 10 11 12; cy's are 1 to 10.
    assert value(report, "winnow", "recall", 10, "masked") == pytest.approx(1 / 2)
    assert value(report, "winnow", "coverage", 10, "masked") == 12 / 80


def test_baselines_stand_in_the_same_table(report: Report) -> None:
    # The most popular are 2 5 3 0 1 4 6 7 8 9, then 10 to 20.
    assert value(report, "popular", "recall", 10, "kept") == pytest.approx((1 / 3 + 1 + 0) / 3)
    assert value(report, "popular", "recall", 10, "masked") == 0
    assert value(report, "popular", "recall", 20, "masked") == pytest.approx(1 / 2)
    models = {seen: {each.model for each in report.rows if each.seen == seen} for seen in ("kept", "masked")}
    assert models["kept"] == {"winnow", "popular", "popular_7d", "own_history", "item_to_item", "ease"}
    assert models["masked"] == models["kept"] - {"own_history"}


def test_warm_and_cold_users_stand_apart(report: Report) -> None:
    assert value(report, "winnow", "recall", 10, "kept", "warm") == pytest.approx((1 / 3 + 1) / 2)
    assert value(report, "winnow", "recall", 10, "kept", "cold") == pytest.approx(1 / 2)


def test_new_and_known_items_stand_apart(report: Report) -> None:
    # New to training are ann's 12 and 65 and cy's 10 and 25. Winnow answers 1 to 50 when nothing is masked.
    assert value(report, "winnow", "recall", 50, "kept", "new_items") == pytest.approx((1 / 2 + 1) / 2)
    assert value(report, "winnow", "recall", 10, "kept", "new_items") == pytest.approx((0 + 1 / 2) / 2)
    assert value(report, "winnow", "recall", 10, "kept", "known_items") == 1
    assert value(report, "own_history", "recall", 10, "kept", "known_items") == 1
    assert "known_items" not in {each.slice for each in report.rows if each.seen == "masked"}, "nobody wants any"


def test_the_report_counts_users_and_right_answers_of_each_slice(report: Report) -> None:
    assert {(each.seen, each.slice): (each.users, each.relevant) for each in report.users} == {
        ("masked", "all"): (2, 4),
        ("masked", "warm"): (1, 2),
        ("masked", "cold"): (1, 2),
        ("masked", "new_items"): (2, 4),
        ("masked", "known_items"): (0, 0),
        ("kept", "all"): (3, 6),
        ("kept", "warm"): (2, 4),
        ("kept", "cold"): (1, 2),
        ("kept", "new_items"): (2, 4),
        ("kept", "known_items"): (2, 2),
    }


def test_differences_are_winnow_minus_each_baseline(report: Report) -> None:
    for each in report.differences:
        ours = value(report, "winnow", each.metric, each.k, each.seen, each.slice)
        theirs = value(report, each.model, each.metric, each.k, each.seen, each.slice)
        assert each.value == pytest.approx(ours - theirs)
        assert each.low <= each.value <= each.high
    of_new_items = [each for each in report.differences if each.slice == "new_items"]
    assert {(each.metric, each.k) for each in of_new_items} == {("recall", 50)}
    assert len(of_new_items) == 4 + 5
    assert len(report.differences) == 12 * (4 + 5) + len(of_new_items)


def test_intervals_are_paired(report: Report) -> None:
    # At 20 popular misses and finds the same as winnow for each kept user: no doubt is left.
    (same,) = [
        each
        for each in report.differences
        if (each.model, each.metric, each.k, each.seen, each.slice) == ("popular", "recall", 20, "kept", "all")
    ]
    assert (same.low, same.value, same.high) == (0, 0, 0)
    single = row(report, "winnow", "recall", 20, "kept")
    assert single.low is not None
    assert single.high is not None
    assert single.low < single.value < single.high


def test_the_funnel_tells_where_right_answers_are_lost(report: Report) -> None:
    funnel = {(each.seen, each.stage): (each.recall, each.candidates) for each in report.funnel}
    # Kept: of ann's three 65 is never proposed; cy's 25 is proposed and ranked behind the twentieth place.
    assert funnel["kept", "retrieve"] == (pytest.approx((2 / 3 + 1 + 1) / 3), 60)
    assert funnel["kept", "rank"] == funnel["kept", "retrieve"]
    assert funnel["kept", "top_50"] == (pytest.approx((2 / 3 + 1 + 1) / 3), 50)
    assert funnel["kept", "top_20"] == (pytest.approx((2 / 3 + 1 + 1 / 2) / 3), 20)
    assert funnel["kept", "top_10"] == (pytest.approx((1 / 3 + 1 + 1 / 2) / 3), 10)
    assert ("kept", "seen") not in funnel
    assert funnel["masked", "seen"] == (pytest.approx(3 / 4), 59)


def test_all_long_work_is_told_in_steps(engine: Engine, dataset: Dataset, split: TimeSplit) -> None:
    told: dict[str, list[tuple[int, int]]] = {}
    evaluate(
        engine, dataset, split, progress=lambda what, *steps: told.setdefault(what, []).append((steps[0], steps[1]))
    )
    assert list(told) == ["Fitting baselines", "Evaluating", "Finding intervals"]
    assert told["Fitting baselines"] == [(done, 5) for done in range(6)]
    # Masked: two users by winnow and the four baselines that can answer; kept: three users by winnow and all five.
    assert told["Evaluating"] == [(done, 28) for done in (0, 2, 4, 6, 8, 10, 13, 16, 19, 22, 25, 28)]
    # In each setting five slices, and two in which models are compared.
    assert told["Finding intervals"] == [(done, 14) for done in range(15)]


def test_the_same_seed_gives_the_same_report(engine: Engine, dataset: Dataset, split: TimeSplit) -> None:
    assert evaluate(engine, dataset, split, seed=3) == evaluate(engine, dataset, split, seed=3)


def test_a_setting_in_which_nobody_is_left_has_no_rows(engine: Engine, dataset: Dataset, split: TimeSplit) -> None:
    only_repeats = dataset.events.slice(0, 9).filter([True] * 6 + [False, False, True])
    report = evaluate(engine, replace(dataset, events=only_repeats), split)
    assert {each.seen for each in report.rows} == {"kept"}


def test_a_skipped_stage_stops_the_evaluation(engine: Engine, dataset: Dataset, split: TimeSplit) -> None:
    class Absent:
        def keep(self, requests: Requests, candidates: Candidates) -> Bools:
            raise Unavailable("no answer")

    seen = filter_stage("seen", Absent(), on_fault="skip", soft=True)
    with pytest.raises(Unavailable, match=r"skipped 'seen' \(no answer\)"):
        evaluate(replace(engine, pipeline=replace(engine.pipeline, filters=(seen,))), dataset, split, seen=["masked"])


def test_rows_are_plain_json_with_exactly_the_promised_keys(report: Report) -> None:
    rows = json.loads(json.dumps(report.to_rows()))
    assert len(rows) == len(report.rows)
    assert all(list(each) == KEYS for each in rows)
    assert {each["metric"] for each in rows} == {"recall", "ndcg", "hit_rate", "coverage", "gini"}
    assert {each["protocol"] for each in rows} == {"time"}
    assert set(json.loads(json.dumps(report.to_dict()))) == {
        "rows",
        "differences",
        "funnel",
        "users",
        "impressions",
        "reliability",
        "heads",
        "content_counts",
        "content",
        "leaks",
        "notes",
    }


def test_the_masked_setting_is_held_against_the_histories(report: Report) -> None:
    wanted, answered = report.leaks.findings
    assert wanted.sentence.startswith("0 of 4 right answers")
    assert answered.sentence.startswith("0 of ")
    assert report.leaks.leaks == report.leaks.warnings == ()


def test_lists_with_what_was_had_are_a_warning(engine: Engine, dataset: Dataset, split: TimeSplit) -> None:
    bare = replace(engine, pipeline=engine.pipeline.without("seen"))
    _, answered = evaluate(bare, dataset, split, seen=["masked"]).leaks.findings
    assert answered.severity == "warning"
    assert answered.evidence == ({"model": "winnow", "places": 2},), "ann had 2 and 5, and gets both"


def test_the_text_shows_each_setting_with_models_differences_and_funnel(report: Report) -> None:
    text = report_text(report)
    assert text.startswith("Protocol time: ")
    assert "## Seen items kept (users: 3 all, 2 warm, 1 cold)" in text
    assert "## Seen items masked (users: 2 all, 1 warm, 1 cold)" in text
    (line,) = [
        each for each in text.split("## Seen items kept")[1].splitlines() if each.startswith("| winnow       | all")
    ]
    assert "0.611 [" in line
    assert "top_10    ████████████████████████                  0.611  of    10.0 candidates" in text
    widths = {len(each) for each in text.split("\n\n")[1].splitlines()}
    assert len(widths) == 1
