import json

from winnow.data.report import DataReport, Finding

REPORT = DataReport(
    rows_read={"items": 4, "events": 1200},
    rows_kept={"items": 4, "events": 1198},
    findings=(
        Finding(table="events", problem="rows have no item_id", count=2, example="row 7 (a=1)", action="dropped"),
    ),
    unused={"events": ("discount",)},
)


def test_a_report_is_plain_enough_for_json():
    values = json.loads(json.dumps(REPORT.to_dict()))
    assert values["findings"] == [
        {
            "table": "events",
            "problem": "rows have no item_id",
            "count": 2,
            "example": "row 7 (a=1)",
            "action": "dropped",
        }
    ]
    assert values["unused"] == {"events": ["discount"]}


def test_a_report_reads_as_lines():
    assert REPORT.lines() == (
        "items: 4 of 4 rows kept",
        "events: 1,198 of 1,200 rows kept",
        "events: 2 rows have no item_id: dropped (first: row 7 (a=1))",
        "events: columns not in the schema: discount",
    )
