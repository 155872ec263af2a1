from dataclasses import replace

import pyarrow as pa
import pytest

from winnow.schema.errors import DataError


def message_of(validate, schema, **tables):
    with pytest.raises(DataError) as caught:
        validate(schema, **tables)
    return str(caught.value)


def in_unit(schema, unit):
    return replace(schema, events=replace(schema.events, time_unit=unit))


@pytest.mark.parametrize(("stored", "factor"), [("ms", 1000), ("us", 1_000_000), ("s", 1)])
@pytest.mark.parametrize("declared", ["s", "ms", "us", "timestamp"])
def test_a_wrong_unit_is_one_error_that_says_what_to_write(validate, schema, events, stored, factor, declared):
    for event in events:
        event["when"] *= factor
    if stored == declared:
        assert validate(in_unit(schema, declared)).events.num_rows == 12
        return
    text = message_of(validate, in_unit(schema, declared))
    assert "1 problem:" in text
    assert f"in the unit '{stored}' by their looks" in text
    assert f"says time_unit: {declared}. Write time_unit: {stored}." in text


def test_date_times_where_seconds_are_declared_are_told_from_seconds(validate, schema, events):
    for event in events:
        event["when"] = f"2026-01-01T12:00:{event['when'] % 60:02d}Z"
    assert "Write time_unit: timestamp." in message_of(validate, schema)
    assert validate(in_unit(schema, "timestamp")).events["at"].to_pylist()[3] == 1_767_268_803.0


def test_a_date_time_type_is_read_with_the_unit_timestamp(validate, schema, events):
    table = pa.Table.from_pylist(events)
    when = table["when"].cast(pa.timestamp("s"))
    table = table.set_column(table.column_names.index("when"), "when", when)
    assert validate(in_unit(schema, "timestamp"), events=table).events["at"].to_pylist()[0] == 1_767_268_800.0


def test_times_before_1995_or_in_the_future_are_dropped_and_reported(validate, schema, events):
    events[0]["when"], events[1]["when"] = 0, events[1]["when"] + 2 * 86_400
    dataset = validate(schema)
    (finding,) = dataset.report.findings
    assert dataset.events.num_rows == 10
    assert (finding.count, finding.problem) == (2, "rows have a time before 1995 or in the future")


def test_times_that_fit_no_unit_are_an_error(validate, schema, events):
    for event in events:
        event["when"] = 12
    text = message_of(validate, schema)
    assert "12 of 12 rows have a time before 1995 or in the future" in text
    assert "1 problem:" in text


def test_a_time_in_words_is_an_error_with_its_row(validate, schema, events):
    for event in events:
        event["when"] = str(event["when"])
    events[4]["when"] = "yesterday"
    text = message_of(validate, schema)
    assert "1 of 12 values of 'when' cannot be read as a time: first row 5 (" in text
    assert "numbers in 's' are wanted" in text
    assert "Is 'when' the right column for events.time?" in text
