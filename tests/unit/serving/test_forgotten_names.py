import pytest

from winnow.schema.errors import DataError
from winnow.serving.forgotten_names import FILE_NAME, ForgottenNames
from winnow.stores.log_entry import LogEntry


def entry(arrived_at, **told):
    return LogEntry(stream="s00", place=(1, 0), arrived_at=arrived_at, told=told)


def test_what_arrived_until_then_is_covered_under_any_role_and_nothing_later(tmp_path):
    names = ForgottenNames().with_names({"ann": 5.0, "bob": 3.0}).with_names({"ann": 4.0, "bob": 7.0})
    (tmp_path / FILE_NAME).write_bytes(names.content())
    read = ForgottenNames.read(tmp_path)
    assert [read.covers(entry(at, user_id="ann")) for at in (4.9, 5.0, 5.1)] == [True, True, False]
    assert [read.covers(entry(at, source="zoe", target="bob")) for at in (7.0, 7.1)] == [True, False]
    assert not read.covers(entry(1.0, user_id="zoe"))
    assert "ann" not in (tmp_path / FILE_NAME).read_text()


def test_without_a_file_nobody_was_forgotten(tmp_path):
    assert not ForgottenNames.read(tmp_path).covers(entry(1.0, user_id="ann"))


def test_a_damaged_file_is_no_reason_to_bring_somebody_back(tmp_path):
    (tmp_path / FILE_NAME).write_text('{"a')
    with pytest.raises(DataError, match="says who asked to be forgotten"):
        ForgottenNames.read(tmp_path)
