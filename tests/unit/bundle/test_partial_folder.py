"""Tests of the folder in which a target is written."""

from pathlib import Path

import pytest

from winnow.bundle.partial_folder import partial_folder


def test_what_was_moved_out_stays_and_the_rest_is_gone(tmp_path: Path):
    with partial_folder(tmp_path / "b") as folder:
        (folder / "whole").mkdir()
        (folder / "rest").write_text("x")
        (folder / "whole").replace(tmp_path / "b")
    assert [each.name for each in tmp_path.iterdir()] == ["b"]


def test_nothing_is_left_of_a_block_that_fails(tmp_path: Path):
    with pytest.raises(FileExistsError), partial_folder(tmp_path / "b") as folder:
        folder.mkdir()
    assert not list(tmp_path.iterdir())


def test_ctrl_c_right_after_the_folder_was_made_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    made = Path.mkdir

    def then_ctrl_c(self: Path, *args: int, **options: int) -> None:
        made(self, *args, **options)
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "mkdir", then_ctrl_c)
    with pytest.raises(KeyboardInterrupt), partial_folder(tmp_path / "b"):
        pytest.fail("The block must not begin.")
    assert not list(tmp_path.iterdir())
