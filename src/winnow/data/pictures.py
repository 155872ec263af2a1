"""Picture files in a folder, read as they are asked for."""

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path, PurePath

LARGEST_BYTES = 32 << 20
"""What is read of a file at most; encoders set lower limits of their own, and say so."""


class Pictures(Collection[bytes | None]):
    """The contents of N files, None where there is none; only one is in memory at a time.

    Args:
        folder: that all of them are in, itself or below.
        names: of the files, relative to the folder; None where an item has no picture.
    """

    def __init__(self, folder: Path, names: Sequence[str | None]) -> None:
        self._folder, self._names = folder, names
        self.problems: dict[int, str] = {}
        """By place, why a named file cannot be had; known after the files were gone through."""

    def __len__(self) -> int:
        return len(self._names)

    def __contains__(self, content: object) -> bool:
        return any(each == content for each in self)

    def __iter__(self) -> Iterator[bytes | None]:
        """Reads the files, in order."""
        root = self._folder.resolve()
        for place, name in enumerate(self._names):
            try:
                yield None if name is None else _content(root, name)
            except (OSError, ValueError) as error:
                reason = error.strerror if isinstance(error, OSError) else str(error)
                self.problems[place] = f"The picture '{str(name)[:200]}' cannot be read: {reason}."
                yield None


def _content(root: Path, name: str) -> bytes:
    """The file below `root`.

    Raises:
        ValueError: the name leads elsewhere.
        OSError: there is no such file, or it may not be read.
    """
    if "://" in name:
        raise ValueError("it is an address, and nothing is fetched; store the file in the folder of pictures")
    path = (root / PurePath(name)).resolve()
    if not path.is_relative_to(root):
        raise ValueError(f"it is not in the folder {root}")
    with path.open("rb") as file:
        return file.read(LARGEST_BYTES)
