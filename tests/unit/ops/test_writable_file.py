from pathlib import Path

import pytest

from winnow.ops.writable_file import check_writable


def test_a_place_that_can_be_written_to_is_left_as_it_was(tmp_path):
    (tmp_path / "old.json").write_text("old")
    check_writable(tmp_path / "old.json")
    check_writable(tmp_path / "new" / "rows.json")
    assert (tmp_path / "old.json").read_text() == "old"
    assert list((tmp_path / "new").iterdir()) == []


@pytest.mark.parametrize(("place", "error"), [(".", IsADirectoryError), ("a file/rows.json", FileExistsError)])
def test_a_place_that_cannot_be_written_to_is_named(tmp_path, place, error):
    (tmp_path / "a file").write_text("a file, not a folder")
    with pytest.raises(error) as caught:
        check_writable(tmp_path / place)
    assert str(tmp_path) in str(caught.value.filename)


def test_what_is_no_plain_file_may_be_written_to():
    check_writable(Path("/dev/null"))
    assert Path("/dev/null").exists()
