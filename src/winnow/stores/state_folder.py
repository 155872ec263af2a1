"""The folder of a service's state, which one process has at a time."""

import fcntl
from pathlib import Path
from typing import BinaryIO

from winnow.schema.errors import SettingsError


def hold(file: BinaryIO, path: Path) -> None:
    """Keeps an open file for this process until it is closed.

    Raises:
        SettingsError: another process has it; it is closed here.
    """
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.close()
        raise SettingsError(
            f"{path} is in use by another process; one service at a time keeps its state in a folder. Stop the other "
            "one, or choose another folder (WINNOW_STATE)."
        ) from error


def unusable(folder: Path, error: OSError) -> SettingsError:
    """What to say of a folder that cannot be written to."""
    return SettingsError(
        f"The state folder (WINNOW_STATE) {folder} cannot be used: {error.strerror}. Choose one that this user may "
        "write to."
    )
