"""Whether the result of long work will have a place, asked before the work."""

from pathlib import Path


def check_writable(file: Path) -> None:
    """Makes the folder of the file if need be, and touches nothing else.

    Raises:
        OSError: the file cannot be written to; its `filename` says where.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    was_there = file.exists()
    file.open("a", encoding="utf-8").close()
    if not was_there:
        file.unlink()
