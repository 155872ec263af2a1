"""The picture files of a data set in another folder, under the same names."""

import shutil
from collections.abc import Collection
from pathlib import Path, PurePath

from winnow.data.picture_path import NoPictureError, picture_path
from winnow.schema.progress import Progress, silent


def link_pictures(media: Path, names: Collection[str], folder: Path, progress: Progress = silent) -> None:
    """Links the named files, which takes neither time nor room, or copies them where the disk is another.

    Args:
        media: folder that they are in, itself or below.
        names: relative to it. What cannot be had is left out; it counts as missing in both.
        folder: gets them; what it has already stays.
        progress: told after every picture.
    """
    root, files = media.resolve(), sorted(set(map(PurePath, names)))
    for done, name in enumerate(files, 1):
        _link(root, name, folder / name)
        progress("Writing pictures", done, len(files))


def _link(root: Path, name: PurePath, target: Path) -> None:
    try:
        source = picture_path(root, str(name))
    except NoPictureError:
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        target.hardlink_to(source)
    except FileExistsError:  # where disks take `A` and `a` for one, it is that picture
        return
    except OSError:  # another disk, or one without links
        if not target.exists():
            shutil.copyfile(source, target)
