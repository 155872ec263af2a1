"""What people read of content."""

from winnow.evaluation.content_text import content_text
from winnow.evaluation.report import ContentCount, ContentRow, Report


def row(feature: str, share: float, value: float) -> ContentRow:
    return ContentRow(
        feature=feature,
        share=share,
        seen="masked",
        users=2000,
        metric="recall",
        k=10,
        value=value,
        low=value - 0.1,
        high=value + 0.1,
        change=value - 0.5,
        change_low=value - 0.51,
        change_high=value - 0.49,
    )


def report(counts: list[ContentCount], rows: list[ContentRow]) -> Report:
    return Report(rows=[], differences=[], funnel=[], users=[], content_counts=counts, content=rows)


def test_who_has_content_and_what_is_lost_without_stand_in_two_tables() -> None:
    rows = [row("words", 1.0, 0.5), row("words", 0.5, 0.4), row("words", 0.0, 0.25), row("*", 1.0, 0.5)]
    made = {"encoder": "sentence-bert x", "width": 64, "explained": 0.5}
    counts = [ContentCount(feature="words", items=1234, share=0.5, **made)]
    lines = list(content_text(report(counts, [*rows, row("*", 0.0, 0.125)])))
    assert lines[:4] == [
        "## Content of items\n",
        "| content | items that have it | of the catalogue | made by                                      |",
        "| ------- | ------------------ | ---------------- | -------------------------------------------- |",
        "| words   | 1,234              | 50.0%            | sentence-bert x, 64 numbers that explain 50% |",
    ]
    assert lines[4] == "\nWinnow if fewer items had it, and the change (2,000 users, seen items masked):\n"
    whole = "0.500 [0.400, 0.600]"
    assert [[cell.strip() for cell in line.split("|")[1:-1]] for line in (lines[5], *lines[7:])] == [
        ["content", "metric", "all keep it", "half of them", "none"],
        [
            "words",
            "recall@10",
            whole,
            "0.400, -0.100 [-0.110, -0.090]",
            "0.250, -0.250 [-0.260, -0.240]",
        ],
        ["all together", "recall@10", whole, "", "0.125, -0.375 [-0.385, -0.365]"],
    ]


def test_where_items_have_no_content_nothing_is_said() -> None:
    assert list(content_text(report([], []))) == []


def test_who_has_content_is_told_where_nothing_can_be_hidden() -> None:
    lines = list(content_text(report([ContentCount(feature="words", items=3, share=1.0)], [])))
    assert lines[-1].startswith("| words   | 3 ")
