"""Reports on their way through JSON, and those of before."""

import json
from dataclasses import replace

import pytest

from tests.unit.evaluation.content_shop import READS_WORDS, SPLIT, content_dataset, content_engine
from winnow.evaluation.evaluate import evaluate
from winnow.evaluation.leaks.finding import Finding
from winnow.evaluation.leaks.leak_report import LeakReport
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


def test_a_report_that_leaks_says_so_above_every_table_and_in_every_row(report: Report) -> None:
    leak = Finding(check="overlap", severity="leak", sentence="1 of 7 is late.")
    leaking = replace(report, leaks=report.leaks + LeakReport(findings=(leak,)))
    assert {row["protocol"] for row in leaking.to_rows()} == {"time, leaking"}
    assert {row["protocol"] for row in report.to_rows()} == {"time"}
    text, clean = report_text(leaking), report_text(report)
    tables = sum(line.startswith("| ") and set(line) <= set("|- ") for line in clean.splitlines())
    blocks = clean.count("```text")
    assert text.count("**LEAKING (overlap): these figures are flattered.**") == tables + blocks > 5
    assert "LEAKING" not in clean
    assert "- **leak** overlap: 1 of 7 is late." in text
    again = Report.from_dict(json.loads(json.dumps(leaking.to_dict())))
    assert again == leaking
    assert again.to_rows() == leaking.to_rows()


def as_before(report: Report) -> dict[str, list[dict[str, object]]]:
    """What a program wrote that knew neither new items nor hidden content."""
    content = json.loads(json.dumps(report.to_dict()))
    del content["content"], content["content_counts"], content["leaks"]
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
