"""Reports on their way through JSON, and those of before."""

import json

import pytest

from tests.unit.evaluation.content_shop import READS_WORDS, SPLIT, content_dataset, content_engine
from winnow.evaluation.evaluate import evaluate
from winnow.evaluation.report import Report
from winnow.evaluation.report_text import report_text


@pytest.fixture(scope="module")
def report() -> Report:
    return evaluate(content_engine(READS_WORDS), content_dataset(), SPLIT)


def test_a_report_comes_back_whole(report: Report) -> None:
    again = Report.from_dict(json.loads(json.dumps(report.to_dict())))
    assert again == report
    assert again.content
    assert again.content_counts
    assert report_text(again) == report_text(report)


def as_before(report: Report) -> dict[str, list[dict[str, object]]]:
    """What a program wrote that knew neither new items nor hidden content."""
    content = json.loads(json.dumps(report.to_dict()))
    del content["content"], content["content_counts"]
    for name in ("rows", "users", "differences"):
        content[name] = [row for row in content[name] if row["slice"] in ("all", "warm", "cold")]
    for row in content["differences"]:
        del row["slice"]
    for row in content["users"]:
        del row["relevant"]
    return content


def test_a_report_of_before_is_read_and_shown(report: Report) -> None:
    old = Report.from_dict(as_before(report))
    assert {each.relevant for each in old.users} == {None}
    assert {each.slice for each in old.differences} == {"all"}
    text = report_text(old)
    assert "## Seen items masked" in text
    assert "new item" not in text
    assert "content" not in text
