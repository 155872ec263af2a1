"""The file that the name of a picture stands for, and no other file of the machine."""

import os
from pathlib import Path, PurePath


class NoPictureError(Exception):
    """A name that stands for no picture, which then counts as missing; the message says why, without the name."""


def picture_path(folder: Path, name: str) -> Path:
    """The file below a folder, with links followed; it is there and may be read, but is not opened.

    Names are relative and have no `..`, so that they mean the same wherever a data set is moved. A link may lead from
    one place in the folder to another, never out of it.

    Args:
        folder: of the pictures, with links followed.
        name: as the table of items has it, whoever wrote it.

    Raises:
        NoPictureError: the name is an address, leads elsewhere, or stands for nothing that can be read.
    """
    if "://" in name:
        raise NoPictureError("it is an address and nothing is fetched")
    if PurePath(name).is_absolute() or ".." in PurePath(name).parts:
        raise NoPictureError("it is not relative to the folder of pictures")
    try:
        path = Path(os.path.realpath(folder / name, strict=True))
    except (OSError, ValueError) as error:  # ValueError: a zero byte in the name
        raise NoPictureError(reason_of(error)) from error
    if not path.is_relative_to(folder):
        raise NoPictureError("it is a link that leads out of the folder of pictures")
    if not path.is_file():  # a pipe would be waited for without end
        raise NoPictureError("it is no file")
    if not os.access(path, os.R_OK):
        raise NoPictureError("it may not be read")
    return path


def reason_of(error: OSError | ValueError) -> str:
    """What the system says, without the name of the file."""
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
