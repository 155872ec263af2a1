"""The pictures of a data set in another folder."""

import shutil
from collections.abc import Iterable
from pathlib import Path, PurePath


def gather_pictures(media: Path, names: Iterable[str], folder: Path) -> None:
    """Links the named files, or copies them where the disk is another.

    Args:
        media: folder that they are in, itself or below.
        names: relative to it. What is not there, or leads elsewhere, is left out; it counts as missing in both.
        folder: gets them under the same names; what it has already stays.
    """
    root = media.resolve()
    for name in names:
        source, target = _inside(root, name), folder / PurePath(name)
        if source is not None and not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                target.hardlink_to(source)
            except OSError:
                shutil.copyfile(source, target)


def _inside(root: Path, name: str) -> Path | None:
    if "://" in name or PurePath(name).is_absolute() or ".." in PurePath(name).parts:
        return None
    try:
        path = (root / PurePath(name)).resolve()
        return path if path.is_relative_to(root) and path.is_file() else None
    except (OSError, ValueError):  # ValueError: a zero byte in the name
        return None
