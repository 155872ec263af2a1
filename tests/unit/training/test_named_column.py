"""Names as numbers, whatever the chunks."""

import pyarrow as pa
import pytest

from winnow.training.named_column import NamedColumn

NAMES = ["b", "a", "b", "c", "a", "b"]


@pytest.mark.parametrize("chunks", [[6], [2, 4], [1, 0, 3, 2]])
def test_rows_say_which_of_the_names_they_have(chunks):
    parts, start = [], 0
    for size in chunks:
        parts.append(pa.array(NAMES[start : start + size], pa.string()))
        start += size
    found = NamedColumn.of(pa.chunked_array(parts))
    assert found.names.to_pylist() == ["b", "a", "c"]
    assert len(found) == 6
    assert found.places(slice(0, 6)).tolist() == [0, 1, 0, 2, 1, 0]
    assert found.places(slice(1, 4)).tolist() == [1, 0, 2]
    assert found.places(slice(6, 6)).tolist() == []
    assert found.places_in(pa.array(["a", "b"]), absent=7).tolist() == [1, 0, 7]


def test_there_may_be_none():
    found = NamedColumn.of(pa.chunked_array([], pa.string()))
    assert found.names.to_pylist() == []
    assert found.places(slice(0, 0)).tolist() == []
