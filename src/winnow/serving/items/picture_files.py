"""Pictures of items in a folder of the shop."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from winnow.api.limits import MAX_PICTURE_BYTES
from winnow.data.picture_path import NoPictureError, picture_path
from winnow.schema.errors import SettingsError

ENDINGS = (".png", ".jpg", ".jpeg", ".webp", ".gif")


@dataclass(frozen=True, slots=True)
class PictureFiles:
    """Finds files by names that the catalogue has, or by ids; never anything outside of the folder.

    Attributes:
        folder: with links followed.
    """

    folder: Path

    @staticmethod
    def open(folder: Path) -> "PictureFiles":
        """Raises SettingsError where there is no such folder."""
        if not folder.is_dir():
            raise SettingsError(f"WINNOW_MEDIA is {folder}, which is no folder; name that of the items' pictures.")
        return PictureFiles(folder.resolve())

    def read(self, item_id: str, name: str | None) -> bytes | None:
        """The start of a file, up to one byte more than a picture may have; None where there is none.

        Args:
            item_id: outside name; the file is called so where nobody says otherwise, and ends as pictures do.
            name: of the file, relative to the folder, where somebody does.
        """
        for path in self._found(item_id, name):
            with suppress(OSError), path.open("rb") as file:  # it may be gone since
                return file.read(MAX_PICTURE_BYTES + 1)
        return None

    def _found(self, item_id: str, name: str | None) -> Iterator[Path]:
        for each in [f"{item_id}{ending}" for ending in ENDINGS] if name is None else [name]:
            with suppress(NoPictureError):
                yield picture_path(self.folder, each)
