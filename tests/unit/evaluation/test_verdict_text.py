"""What is said of differences that were written by hand."""

from dataclasses import replace

import pytest

from tests.unit.evaluation.content_shop import READS_WORDS, SPLIT, content_dataset, content_engine
from winnow.evaluation.evaluate import evaluate
from winnow.evaluation.report import Difference, FunnelRow, Report
from winnow.evaluation.report_text import report_text
from winnow.evaluation.verdict_text import verdict_text

COLUMNS = (("recall", 10), ("ndcg", 10), ("gini", 10))


@pytest.fixture(scope="module")
def report() -> Report:
    return evaluate(content_engine(READS_WORDS), content_dataset(), SPLIT)


def minus(model: str, metric: str, low: float, high: float) -> Difference:
    value = (low + high) / 2
    return Difference(model=model, metric=metric, k=10, slice="all", seen="masked", value=value, low=low, high=high)


def told(report: Report, *differences: Difference) -> str:
    return "\n".join(verdict_text(replace(report, differences=differences), "masked", COLUMNS))


def test_above_all_is_one_sentence_and_who_knows_everything_is_no_baseline(report: Report):
    others = [minus(name, "recall", -0.5, -0.4) for name in ("oracle", "reference", "retrieval_only")]
    said = told(report, minus("ease", "recall", 0.01, 0.02), minus("ease", "ndcg", 0.001, 0.2), *others)
    assert said == "\nAbove every baseline, beyond doubt, in recall@10, ndcg@10."


def test_below_and_level_are_named_for_each_column_with_where_right_answers_are_lost(report: Report):
    funnel = [
        FunnelRow(seen="masked", stage=stage, recall=recall, candidates=9.0)
        for stage, recall in (("ann", 0.5), ("fill", 0.93), ("top_10", 0.64))
    ]
    said = told(
        replace(report, funnel=funnel),
        minus("popular", "recall", 0.1, 0.2),
        minus("ease", "recall", -0.02, -0.01),
        minus("item_to_item", "recall", -0.01, 0.02),
        minus("ease", "ndcg", 0.0, 0.1),
    )
    assert "- recall@10: below ease; level with item_to_item\n- ndcg@10: level with ease\n" in said
    assert said.endswith("Of the right answers 7.0% are no candidates,\nand 29.0% are ranked below place 10.")


def test_a_report_without_differences_says_nothing_and_a_whole_one_something(report: Report):
    assert told(report) == ""
    assert report_text(report).count("every baseline") == len({each.seen for each in report.differences})
