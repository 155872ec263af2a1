from pathlib import Path

import pytest

from winnow.serving.event_log.logged_part import OTHERS, part_name, partition_of, reach_of, table_of
from winnow.stores.log_entry import LogEntry


def entry(at="0.0", number=0, stream="s00", **more):
    told = {"event_id": f"e{number}", "user_id": "ann", "item_id": "pen", "type": "view", "at": at, **more}
    return LogEntry(stream=stream, place=(1_700_000_000_000 + number, 0), arrived_at=1.7e9, told=told)


@pytest.mark.parametrize(
    ("at", "partition"),
    [
        ("0.0", "day=1970-01-01"),
        ("86399.999", "day=1970-01-01"),
        ("86400.0", "day=1970-01-02"),
        ("1795737599.5", "day=2026-11-26"),
        ("253402300799.0", "day=9999-12-31"),
        ("253402300800.0", OTHERS),
        ("-1.0", OTHERS),
        ("nan", OTHERS),
        ("soon", OTHERS),
    ],
)
def test_an_event_goes_to_its_own_utc_day(at, partition):
    assert partition_of(entry(at)) == partition


def test_the_name_of_a_file_says_how_far_it_reaches_in_what():
    name = part_name([entry(number=3), entry(number=1)])
    assert reach_of(Path(name)) == ("s", 1_700_000_000_003)
    assert reach_of(Path(part_name([entry(stream="journal")]))) == ("j", 1_700_000_000_000)
    assert reach_of(Path("part-1.parquet")) is None
    assert part_name([entry()]) != part_name([entry()])


def test_rows_are_in_order_of_time_and_of_arrival_at_equal_times():
    table = table_of("day=1970-01-01", [entry("2.5", 0), entry("1.0", 1), entry("2.5", 2), entry("10", 3)])
    assert table["event_id"].to_pylist() == ["e1", "e0", "e2", "e3"]
    assert table["request_id"].to_pylist() == [""] * 4
    assert table["entry"][0].as_py() == "s00/1700000000001-0"
