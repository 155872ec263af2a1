"""Picture files in a folder, read as they are asked for."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path

from winnow.data.picture_path import NoPictureError, picture_path, reason_of

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

    def of(self, rows: Iterable[int]) -> "Pictures":
        """The pictures in the given places, still not read."""
        return Pictures(self._folder, [self._names[row] for row in rows])

    def __len__(self) -> int:
        return len(self._names)

    def __contains__(self, content: object) -> bool:
        return any(each == content for each in self)

    def __iter__(self) -> Iterator[bytes | None]:
        """Reads the files, in order."""
        root = self._folder.resolve()
        for place, name in enumerate(self._names):
            yield None if name is None else self._read(root, place, name)

    def _read(self, root: Path, place: int, name: str) -> bytes | None:
        try:
            return _content(root, name)
        except NoPictureError as error:
            self.problems[place] = f"The picture {name[:200]!r} cannot be read: {error}."
            return None


def _content(root: Path, name: str) -> bytes:
    path = picture_path(root, name)
    try:
        with path.open("rb") as file:
            return file.read(LARGEST_BYTES)
    except OSError as error:
        raise NoPictureError(reason_of(error)) from error
