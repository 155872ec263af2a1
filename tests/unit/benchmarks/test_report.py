import io
import json
from dataclasses import replace

import pytest
from rich.console import Console

from benchmarks.refused import RefusedError
from benchmarks.report import merge, stored, table
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


def test_the_first_results_make_a_list_of_rows(tmp_path):
    path = tmp_path / "results.json"
    merge(RESULTS, path)
    assert json.loads(path.read_text()) == [
        {"name": "pipeline.p50_ms", "value": 2.34567, "unit": "ms", "better": "lower", "how": "300 candidates"},
        {"name": "search.recall", "value": 1.0, "unit": "", "better": "higher", "how": "exact"},
    ]
    assert list(tmp_path.iterdir()) == [path]


def test_a_row_replaces_the_one_of_its_name_and_the_others_stay(tmp_path):
    path = tmp_path / "results.json"
    merge(RESULTS, path)
    again = replace(RESULTS[0], value=1.5)
    new = Result(name="train.minutes", value=2.3, unit="min", better="lower", how="fresh process")
    merge([new, again], path)
    assert stored(path) == [again, RESULTS[1], new]


@pytest.mark.parametrize("content", ["old", '{"rows": []}', '[{"name": "a"}]', "[1]"])
def test_a_file_of_something_else_is_refused_and_left_alone(tmp_path, content):
    path = tmp_path / "results.json"
    path.write_text(content)
    with pytest.raises(RefusedError, match="does not hold the results of benchmarks"):
        merge(RESULTS, path)
    assert path.read_text() == content
