"""The manifest names the program that wrote it, and says when nobody can check that program out again."""

import shutil
import subprocess
from pathlib import Path

import pytest

from winnow.ops.program_commit import program_commit


def git(folder: Path, *arguments: str) -> str:
    who = ["-c", "user.name=ann", "-c", "user.email=ann@example.com"]
    run = subprocess.run(["git", "-C", str(folder), *who, *arguments], capture_output=True, text=True, check=True)
    return run.stdout.strip()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A committed file of a checkout with a tag, which must not take the place of the hash."""
    git(tmp_path, "init")
    file = tmp_path / "program" / "here.py"
    file.parent.mkdir()
    file.write_text("one\n")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--no-gpg-sign", "-m", "one")
    git(tmp_path, "tag", "-a", "--no-sign", "v1", "-m", "one")
    return file


def test_a_clean_checkout_is_named_by_its_commit(file):
    assert program_commit(file) == git(file.parent, "rev-parse", "HEAD")


def test_files_that_git_does_not_know_leave_it_clean(file):
    (file.parent / "bundle.txt").write_text("trained here\n")
    assert not program_commit(file).endswith("-dirty")


@pytest.mark.parametrize("staged", [False, True])
def test_a_changed_checkout_is_marked(file, staged):
    file.write_text("two\n")
    if staged:
        git(file.parent, "add", ".")
    assert program_commit(file) == git(file.parent, "rev-parse", "HEAD") + "-dirty"


def test_a_program_inside_a_checkout_that_does_not_track_it_has_no_commit(file):
    installed = file.parent / "site-packages" / "here.py"
    installed.parent.mkdir()
    installed.write_text("installed\n")
    assert program_commit(installed) == ""


def test_no_checkout_and_no_git_have_no_commit(file, tmp_path, monkeypatch):
    shutil.rmtree(tmp_path / ".git")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert program_commit(file) == ""
    monkeypatch.setenv("PATH", "")
    assert program_commit(file) == ""
