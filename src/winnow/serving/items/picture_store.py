"""Pictures of items on disk, each once."""

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from winnow.schema.errors import DataError, Unavailable
from winnow.stores.synced_folder import sync_folder


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureStore:
    """Files named by the SHA-256 of their content, so that equal pictures are one file and damage is found.

    Attributes:
        folder: made when the first picture comes.
    """

    folder: Path

    def keep(self, content: bytes) -> str:
        """Keeps a picture; when this returns it is on disk.

        Returns:
            its name: SHA-256, hexadecimal.

        Raises:
            Unavailable: it cannot be written; there is no trace of it.
        """
        name = hashlib.sha256(content).hexdigest()
        try:
            if not self._holds(name):
                self._write(name, content)
            sync_folder(self.folder)
        except OSError as error:
            raise Unavailable(f"The picture cannot be written to {self.folder}: {error.strerror}.") from error
        return name

    def read(self, name: str) -> bytes:
        """The picture of a name.

        Raises:
            DataError: it is missing, or not what was kept.
        """
        path = self.folder / name
        try:
            content = path.read_bytes()
        except OSError as error:
            raise DataError(f"The picture {path} cannot be read: {error.strerror}.") from error
        if hashlib.sha256(content).hexdigest() != name:
            raise DataError(f"The picture {path} is damaged: its content is not what its name says.")
        return content

    def _holds(self, name: str) -> bool:
        """Whether the whole picture is there; what is damaged is written anew."""
        try:
            self.read(name)
        except DataError:
            return False
        return True

    def _write(self, name: str, content: bytes) -> None:
        """Under another name first, so that no name ever stands for half a picture."""
        if not self.folder.is_dir():
            self.folder.mkdir(parents=True, exist_ok=True)
            sync_folder(self.folder.parent)
        with tempfile.TemporaryDirectory(dir=self.folder, prefix=".") as scratch:
            new = Path(scratch) / name
            with new.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            new.replace(self.folder / name)
