import pytest

from winnow.schema.errors import DataError
from winnow.serving.event_log.forgotten_names import FILE_NAME, ForgottenNames


def test_what_arrived_until_then_is_covered_under_any_role_and_nothing_later(tmp_path):
    names = ForgottenNames().with_names({"ann": 5.0, "bob": 3.0}).with_names({"ann": 4.0, "bob": 7.0})
    (tmp_path / FILE_NAME).write_bytes(names.content())
    read = ForgottenNames.read(tmp_path)
    assert [read.covers(["ann", ""], at) for at in (4.9, 5.0, 5.1)] == [True, True, False]
    assert [read.covers(["zoe", "bob"], at) for at in (7.0, 7.1)] == [True, False]
    assert not read.covers(["zoe"], 1.0)
    assert "ann" not in (tmp_path / FILE_NAME).read_text()


def test_without_a_file_nobody_was_forgotten(tmp_path):
    assert not ForgottenNames.read(tmp_path).covers(["ann"], 1.0)


def test_a_damaged_file_is_no_reason_to_bring_somebody_back(tmp_path):
    (tmp_path / FILE_NAME).write_text('{"a')
    with pytest.raises(DataError, match="says who asked to be forgotten"):
        ForgottenNames.read(tmp_path)
