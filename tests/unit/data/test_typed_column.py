import decimal
import math
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.data.typed_column import instants, keys, numbers, texts, truths, vectors


def column(values, kind=None):
    return pa.chunked_array([pa.array(values, kind)])


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        ([7, None], ["7", None]),
        ([12346.0, float("nan"), None], ["12346", None, None]),
        ([1.5, 2.0], ["1.5", "2"]),
        (["007", "", None], ["007", None, None]),
        ([True, False], ["true", "false"]),
    ],
)
def test_text_is_what_a_person_would_write(values, wanted):
    assert texts(column(values)).values.to_pylist() == wanted


def test_text_of_a_dictionary_is_its_values():
    typed = texts(pa.chunked_array([pa.array(["a", None, "a"]).dictionary_encode()]))
    assert typed.values.to_pylist() == ["a", None, "a"]


def test_ids_that_were_floats_count_as_repaired_and_ids_that_were_integers_do_not():
    assert texts(column([1.0, 2.0])).repaired
    assert not texts(column([1, 2])).repaired


def test_a_list_is_no_text():
    assert texts(column([["a"], None])).wrong.tolist() == [True, False]


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        (["1", " 2.5 ", "NA", "", None], [1.0, 2.5, None, None, None]),
        ([1, None], [1.0, None]),
        ([float("nan"), 2.0], [None, 2.0]),
        ([decimal.Decimal("1.25")], [1.25]),
    ],
)
def test_numbers_come_from_any_type_that_holds_numbers(values, wanted):
    typed = numbers(column(values))
    assert typed.values.to_pylist() == wanted
    assert not typed.wrong.any()


@given(st.lists(st.text("0123456789.eE+-", max_size=6) | st.floats().map(str), min_size=1))
def test_a_numeral_is_what_arrow_reads_alone(values):
    def finite(text):
        try:
            return pa.scalar(text).cast(pa.float64()).as_py()
        except pa.ArrowInvalid:
            return math.inf

    alone = [None if each in {"", "nan"} else finite(each) for each in values]
    typed = numbers(column([*values, "rubbish"], pa.string()))
    assert typed.wrong.tolist() == [each is not None and math.isinf(each) for each in alone] + [True]
    assert [each for each in typed.values.to_pylist()[:-1] if each is not None and math.isfinite(each)] == [
        each for each in alone if each is not None and math.isfinite(each)
    ]


def test_words_that_say_missing_are_counted_and_empty_ones_are_not():
    typed = numbers(column(["1", "n/a", " NULL ", "#N/A", "<NA>", "\\N", "NaN", "none", "", None]))
    assert typed.values.to_pylist() == [1.0, *[None] * 9]
    assert typed.stated.tolist() == [False, *[True] * 7, False, False]
    assert not typed.wrong.any()


def test_words_that_say_missing_are_so_in_times_and_are_words_in_text():
    for unit, value in (("s", "1767225600"), ("timestamp", "2026-01-01")):
        typed = instants(column([value, "NA", None]), unit)
        assert typed.values.to_pylist() == [1767225600.0, None, None]
        assert typed.stated.tolist() == [False, True, False]
        assert not typed.wrong.any()
    assert texts(column(["NA", "n/a"])).values.to_pylist() == ["NA", "n/a"]


def test_keys_that_were_written_as_floats_are_whole_and_texts_are_left_alone():
    assert keys(column(["98.0", "7.0"])).values.to_pylist() == ["98", "7"]
    assert keys(column(["98.0", "7.0"])).repaired
    assert keys(column([98.0, None])).values.to_pylist() == ["98", None]
    assert not keys(column(["98.0", "7.5"])).repaired
    assert texts(column(["98.0", "7.0"])).values.to_pylist() == ["98.0", "7.0"]


def test_text_that_is_no_number_and_infinity_are_wrong():
    assert numbers(column(["1", "12 EUR", "1,5", "inf", None])).wrong.tolist() == [False, True, True, True, False]
    assert numbers(column([datetime(2026, 1, 1, tzinfo=UTC)])).wrong.tolist() == [True]


def test_vectors_of_another_width_or_with_gaps_are_wrong_and_missing_ones_are_not():
    typed = vectors(column([[1.0, 2.0], [1.0], None, [1.0, float("nan")], [3.0, None]]), 2)
    assert typed.values.to_pylist() == [[1.0, 2.0], None, None, None, None]
    assert typed.wrong.tolist() == [False, True, False, True, True]


def test_vectors_of_a_slice_are_those_of_the_slice():
    raw = column([[1, 2], None, [3, 4], [5, 6]], pa.list_(pa.int64(), 2)).slice(1, 2)
    assert vectors(raw, 2).values.to_pylist() == [None, [3.0, 4.0]]


def test_vectors_may_be_written_as_text():
    typed = vectors(column(["[1, -2.5e-3]", None, " 3 ,4 ", "", "[0.1,16777217]", "null"]), 2)
    expected = [[1.0, -2.5e-3], None, [3.0, 4.0], None, [0.1, 16777217.0], None]
    assert typed.values.to_pylist() == [each and [float(np.float32(value)) for value in each] for each in expected]
    assert not typed.wrong.any()


@pytest.mark.parametrize(
    "text", ["[1]", "[1, 2, 3]", "[]", "[1, x]", "[1, ]", "[1 2]", "[1, nan]", "[1, inf]", "(1, 2)"]
)
def test_text_that_is_no_vector_of_the_width_is_wrong(text):
    typed = vectors(column([None, text, "[5, 6]"]), 2)
    assert typed.wrong.tolist() == [False, True, False]
    assert typed.values.to_pylist() == [None, None, [5.0, 6.0]]


@given(
    st.lists(st.none() | st.lists(st.floats(allow_nan=False, allow_infinity=False, width=32), min_size=3, max_size=3))
)
def test_a_vector_written_as_text_is_the_same_vector(rows):
    text = [None if row is None else str([float(value) for value in row]) for row in rows]
    assert vectors(column(text, pa.string()), 3).values.equals(vectors(column(rows, pa.list_(pa.float32())), 3).values)


@given(st.integers(631_152_000_000_000, 3_786_912_000_000_000))
def test_an_instant_is_the_same_in_every_unit_and_spelling(micros):
    at = micros / 1e6
    naive = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros)).replace(tzinfo=None)
    for raw, unit in (
        ([micros], "us"),
        ([micros / 1e3], "ms"),
        ([micros / 1e6], "s"),
        ([naive], "timestamp"),
        ([naive.isoformat()], "timestamp"),
        ([naive.isoformat() + "Z"], "timestamp"),
        ([naive.isoformat() + "+00:00", naive.isoformat()], "timestamp"),
    ):
        assert np.abs(instants(column(raw), unit).values.to_numpy() - at).max() < 2e-6


def test_a_day_is_its_midnight_and_a_zone_is_respected():
    assert instants(column([date(2026, 1, 1)]), "timestamp").values.to_pylist() == [1767225600.0]
    assert instants(column(["2026-01-01T01:00:00+01:00"]), "timestamp").values.to_pylist() == [1767225600.0]


def test_rubbish_among_times_is_wrong_and_the_rest_is_read():
    typed = instants(column(["2026-01-01", "soon", None, "2026-13-01"]), "timestamp")
    assert typed.values.to_pylist() == [1767225600.0, None, None, None]
    assert typed.wrong.tolist() == [False, True, False, True]


def test_a_number_is_no_date_time_and_a_date_time_is_no_number_of_seconds():
    assert instants(column([1767225600]), "timestamp").wrong.all()
    assert instants(column([date(2026, 1, 1)]), "s").wrong.all()


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        ([True, False, None], [True, False, None]),
        ([1, 0, 2, -1], [True, False, "wrong", "wrong"]),
        ([1.0, 0.0, float("nan"), 0.5, float("inf")], [True, False, None, "wrong", "wrong"]),
        (["true", "FALSE", " True ", "1", "0", "1.0"], [True, False, True, True, False, True]),
        (["", None, "n/a", "yes", "2", "wahr"], [None, None, None, "wrong", "wrong", "wrong"]),
        (["yes", "no"], ["wrong", "wrong"]),
        ([[1], None], ["wrong", None]),
        ([b"1", None], ["wrong", None]),
        ([None, None], [None, None]),
    ],
)
def test_truth_is_read_from_words_and_numbers(values, wanted):
    for raw in (column(values), column(values).dictionary_encode() if not isinstance(values[0], list) else None):
        if raw is not None:
            typed = truths(raw)
            told = [
                "wrong" if wrong else value for value, wrong in zip(typed.values.to_pylist(), typed.wrong, strict=True)
            ]
            assert told == wanted
            assert typed.values.type == pa.bool_()
