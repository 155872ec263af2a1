"""Which commit of the program is at work."""

import shutil
import subprocess
from pathlib import Path

DIRTY = "-dirty"
"""End of the commit's name where files that git tracks had been changed since."""


def program_commit(file: Path = Path(__file__)) -> str:
    """The hash of the commit that `file` is checked out from, ending in `-dirty` where the checkout was changed since.

    Returns:
        "" where git is missing or does not track the file: an installed program may lie inside a checkout of
        somebody else's.
    """
    git = shutil.which("git")
    if git is None or _said(git, file.parent, "ls-files", "--error-unmatch", file.name) is None:
        return ""
    return _said(git, file.parent, "describe", "--always", "--abbrev=40", "--exclude=*", f"--dirty={DIRTY}") or ""


def _said(git: str, folder: Path, *arguments: str) -> str | None:
    """What a command of git printed; None where it failed."""
    run = subprocess.run(  # noqa: S603 - fixed commands on our own folder
        [git, "-C", str(folder), *arguments], capture_output=True, text=True, check=False
    )
    return run.stdout.strip() if run.returncode == 0 else None
