import pyarrow as pa
import pytest

from winnow.features.distinct_values import distinct_values

TEXTS = ["b", None, "a", "b", None]


@pytest.mark.parametrize(
    "column",
    [
        pa.chunked_array([TEXTS]),
        pa.chunked_array([pa.array(TEXTS).dictionary_encode()]),
        pa.chunked_array([pa.array(TEXTS[:2]).dictionary_encode(), pa.array(TEXTS[2:]).dictionary_encode()]),
        pa.chunked_array([["x", *TEXTS, "y"]]).slice(1, 5),
        pa.chunked_array([pa.array(["x", *TEXTS]).dictionary_encode()]).slice(1),
    ],
)
def test_each_row_finds_its_value_however_arrow_keeps_it(column):
    distinct = distinct_values(column)
    assert [[*distinct.values, None][place] for place in distinct.places] == TEXTS
    counts = dict(zip(distinct.values, distinct.counts().tolist(), strict=True))
    assert {value: count for value, count in counts.items() if count} == {"a": 1, "b": 2}


@pytest.mark.parametrize("column", [pa.chunked_array([], pa.string()), pa.chunked_array([pa.nulls(2, pa.string())])])
def test_nothing_has_no_values(column):
    distinct = distinct_values(column)
    assert (len(distinct.values), distinct.places.tolist()) == (0, [0] * len(column))
