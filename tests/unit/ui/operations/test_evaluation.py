"""What is drawn of an evaluation."""

from typing import Any

from winnow.ui.operations.evaluation import Evaluation


def row(model: str, value: float, which: str = "all", seen: str = "masked") -> dict[str, Any]:
    return {"model": model, "metric": "ndcg", "k": 10, "slice": which, "seen": seen, "value": value}


def step(stage: str, candidates: float, seen: str = "masked") -> dict[str, Any]:
    return {"stage": stage, "candidates": candidates, "recall": candidates / 100, "seen": seen}


def test_models_come_best_first_without_those_who_know_the_truth() -> None:
    rows = [row("popular", 0.1), row("oracle", 0.9), row("winnow", 0.3), row("winnow", 0.5, seen="kept")]
    found = Evaluation(content={"rows": rows}).models("ndcg")
    assert [each["model"] for each in found] == ["winnow", "popular"]


def test_the_funnel_goes_down_and_leaves_out_what_takes_nothing_away() -> None:
    steps = [step("ann", 50), step("own", 5), step("retrieve", 53), step("allowed", 53), step("seen", 40)]
    steps += [step("top_5", 5), step("top_20", 20), step("seen", 99, seen="kept")]
    found = Evaluation(content={"rows": [row("winnow", 0.3)], "funnel": steps})
    assert [each["stage"] for each in found.funnel()] == ["retrieve", "seen", "top_20", "top_5"]
    assert [each["stage"] for each in found.sources()] == ["ann", "own"]


def test_only_leaks_are_told_and_only_slices_with_users() -> None:
    findings = [{"severity": "none", "sentence": "Fine."}, {"severity": "leak", "sentence": "Bad."}]
    users = [
        {"slice": name, "users": number, "seen": "masked"} for name, number in {"all": 9, "cold": 2, "new": 0}.items()
    ]
    found = Evaluation(content={"leaks": {"findings": findings}, "users": users})
    assert [each["sentence"] for each in found.leaks()] == ["Bad."]
    assert found.slices() == ["cold"]


def test_of_an_empty_report_nothing_is_drawn() -> None:
    nothing = Evaluation()
    assert not nothing.models("ndcg")
    assert not nothing.funnel()
    assert not nothing.reliability()
    assert not nothing.clicks()
