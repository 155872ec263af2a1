"""The report and its way through JSON and text."""

import json

import pytest

from winnow.evaluation.leaks.finding import Finding
from winnow.evaluation.leaks.leak_report import LeakReport
from winnow.evaluation.leaks.leaks_text import labelled, leaks_text
from winnow.schema.errors import LeakError

CLEAN = Finding(check="clocks", severity="none", sentence="0 of 7 clocks are wrong.")
ODD = Finding(check="ties", severity="warning", sentence="3 of 7 tie.", evidence=({"user_id": "u1", "at": "noon"},))
LEAK = Finding(check="overlap", severity="leak", sentence="1 of 7 is late.", evidence=({"user_id": "u2"},))


def test_findings_stand_by_their_verdict() -> None:
    report = LeakReport(findings=(CLEAN, ODD)) + LeakReport(findings=(LEAK,))
    assert report.leaks == (LEAK,)
    assert report.warnings == (ODD,)
    assert report.label == "**LEAKING (overlap): these figures are flattered.**"
    assert LeakReport(findings=(CLEAN, ODD)).label == ""


def test_lines_show_the_sentence_and_the_evidence_of_every_check() -> None:
    assert LeakReport(findings=(CLEAN, ODD, LEAK)).lines() == (
        "leaks: 1, warnings: 1, in order: 1",
        "",
        "- **ok** clocks: 0 of 7 clocks are wrong.",
        "- **warning** ties: 3 of 7 tie.",
        "  - user_id=u1, at=noon",
        "- **leak** overlap: 1 of 7 is late.",
        "  - user_id=u2",
    )


def test_a_value_of_many_lines_is_shown_on_one_and_cut() -> None:
    found = Finding(check="x", severity="leak", sentence=".", evidence=({"text": "so\n  long " * 40},))
    (_, line) = found.lines()
    assert line.startswith("  - text=so long so long")
    assert len(line) == len("  - text=") + 80


def test_a_leak_is_refused_with_its_evidence_and_the_remedy_and_warnings_pass() -> None:
    LeakReport(findings=(CLEAN, ODD)).refuse("Mend it.")
    with pytest.raises(LeakError, match=r"overlap: 1 of 7 is late\.\n  - user_id=u2\nMend it\.$") as told:
        LeakReport(findings=(CLEAN, ODD, LEAK)).refuse("Mend it.")
    assert "3 of 7 tie" not in str(told.value)


def test_it_comes_back_whole_from_json() -> None:
    report = LeakReport(findings=(CLEAN, ODD, LEAK))
    content = json.loads(json.dumps(report.to_dict()))
    assert LeakReport.from_dict(content) == report
    assert content["leaking"] is True
    assert LeakReport(findings=(ODD,)).to_dict()["leaking"] is False


def test_the_section_is_left_out_where_nothing_was_looked_at() -> None:
    assert list(leaks_text(LeakReport())) == []
    title, *_ = leaks_text(LeakReport(findings=(CLEAN,)))
    assert title == "## Leak checks\n"


PAGE = ["# Title", "| a |", "| - |", "| 1 |", "", "```text", "| no table |", "bars", "```", "", "| b |", "| - |"]


def test_the_label_stands_above_every_table_and_block() -> None:
    assert list(labelled(PAGE, "")) == PAGE
    lines = list(labelled(PAGE, "LEAKING"))
    assert lines[1:4] == ["LEAKING", "", "| a |"]
    assert [lines[row + 2] for row, line in enumerate(lines) if line == "LEAKING"] == ["| a |", "```text", "| b |"]
