import io
import json

from rich.console import Console

from benchmarks.report import table, write
from benchmarks.result import Result

RESULTS = [
    Result(name="pipeline.p50_ms", value=2.34567, unit="ms", better="lower", how="300 candidates"),
    Result(name="search.recall", value=1.0, unit="", better="higher", how="exact"),
]


def test_the_table_shows_every_field_of_every_result():
    text = io.StringIO()
    Console(file=text, width=120).print(table(RESULTS))
    lines = text.getvalue().splitlines()
    assert any(
        all(word in line for word in ("pipeline.p50_ms", "2.346 ms", "lower", "300 candidates")) for line in lines
    )
    assert any(all(word in line for word in ("search.recall", "higher", "exact")) for line in lines)


def test_the_file_is_replaced_by_a_list_of_rows(tmp_path):
    path = tmp_path / "results.json"
    path.write_text("old")
    write(RESULTS, path)
    assert json.loads(path.read_text()) == [
        {"name": "pipeline.p50_ms", "value": 2.34567, "unit": "ms", "better": "lower", "how": "300 candidates"},
        {"name": "search.recall", "value": 1.0, "unit": "", "better": "higher", "how": "exact"},
    ]
