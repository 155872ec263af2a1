"""Names and files that survive a power cut."""

import os
from pathlib import Path


def sync_folder(folder: Path) -> None:
    """Writes the names in a folder to disk: a new file is there after a power cut only once its folder is, too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_tree(path: Path) -> None:
    """Writes a file to disk, or a folder with all that is in it; not its own name."""
    if path.is_dir():
        for each in path.iterdir():
            sync_tree(each)
    sync_folder(path)
