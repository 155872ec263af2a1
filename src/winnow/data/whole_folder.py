"""A folder that appears whole or not at all."""

import errno
import tempfile
from collections.abc import Collection, Generator
from contextlib import contextmanager
from pathlib import Path

from winnow.schema.errors import DataError


def check_folder(folder: Path, ours: Collection[str], *, marker: str, force: bool) -> None:
    """Refuses to touch what is not ours.

    Args:
        folder: where something will be written.
        ours: names that may be in it.
        marker: the name among them that is always there.
        force: whether what was written before may be replaced.

    Raises:
        DataError: the folder, or one that it is in, is a file; it holds something else, or a data set and `force` is
            not given.
    """
    file = next((each for each in (folder, *folder.parents) if each.exists() and not each.is_dir()), None)
    if file is not None:
        raise DataError(f"{file} is a file; give the name of a folder.")
    there = {each.name for each in folder.iterdir()} if folder.is_dir() else set[str]()
    foreign = sorted(there - set(ours))
    if foreign or (there and marker not in there):
        raise DataError(
            f"The folder {folder} holds something else ({', '.join((foreign or sorted(there))[:5])}); nothing was "
            "written. Give another name."
        )
    if there and not force:
        raise DataError(f"{folder} already holds a data set; nothing was written. Give another name or use --force.")


@contextmanager
def whole_folder(folder: Path) -> Generator[Path]:
    """An empty folder beside the one that is wanted, which takes its place at the end; after an error nothing changed.

    Raises:
        DataError: the disk is full.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}.") as scratch:
        new, old = Path(scratch) / "new", Path(scratch) / "old"
        new.mkdir()
        try:
            yield new
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise
            raise DataError(f"The disk that {folder.parent} is on is full; nothing was written.") from error
        if folder.exists():
            folder.rename(old)
        try:
            new.rename(folder)
        except BaseException:
            if old.exists():
                old.rename(folder)
            raise
