"""A folder of bundles by name, and which of them serves."""

import json
import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from winnow.bundle.manifest import MANIFEST_NAME, Manifest, manifest_from_json
from winnow.bundle.pointer import Pointer
from winnow.schema.errors import BundleError

POINTER_FILE = "serving.json"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")


@dataclass(frozen=True, slots=True)
class Registry:
    """Knows bundles by the names of their folders; nothing outside `folder` can be named.

    Attributes:
        folder: holds a folder for each bundle, and `serving.json` once one was promoted.
    """

    folder: Path

    @staticmethod
    def at(path: Path) -> "Registry | None":
        """The registry at a path; None where that is a bundle.

        Raises:
            BundleError: it is no folder.
        """
        if (path / MANIFEST_NAME).is_file():
            return None
        if not path.is_dir():
            raise BundleError(f"{path} is not a bundle, and no folder of bundles either. Name one that is.")
        return Registry(path)

    def names(self) -> tuple[str, ...]:
        """Of all bundles, in order."""
        return tuple(sorted(each.name for each in self.folder.iterdir() if self._holds(each.name)))

    def path_of(self, name: str) -> Path:
        """The folder of a bundle.

        Raises:
            BundleError: the name is none that a folder here can have, or no bundle has it.
        """
        if not self._holds(name):
            have = ", ".join(self.names()[:20]) or "no bundle yet"
            raise BundleError(
                f"There is no bundle '{name[:130]}' in the registry; it has: {have}. A name is that of a folder in it: "
                "letters, digits, dots, dashes and underscores."
            )
        return self.folder / name

    def manifest_of(self, name: str) -> Manifest:
        """The first page of a bundle; no file is checked. Raises as `path_of`, and where the page is damaged."""
        file = self.path_of(name) / MANIFEST_NAME
        return manifest_from_json(file.read_bytes(), str(file))

    def pointer(self) -> Pointer:
        """Which bundle serves, and which one did before.

        Raises:
            BundleError: the file that says so is damaged.
        """
        file = self.folder / POINTER_FILE
        try:
            told: Any = json.loads(file.read_bytes())
        except FileNotFoundError:
            return Pointer()
        except ValueError as error:
            raise _damaged(file) from error
        match told:
            case {"current": str(current), "previous": str() | None as previous}:
                return Pointer(current=current, previous=previous)
            case _:
                raise _damaged(file)

    def current(self) -> str:
        """The name of the bundle that serves.

        Raises:
            BundleError: none was promoted yet, or as `pointer`.
        """
        name = self.pointer().current
        if name is None:
            have = ", ".join(self.names()[:20])
            if not have:
                raise BundleError(
                    f"{self.folder} is a folder without a bundle. Name a bundle or a registry of some, or train one: "
                    f"winnow train --data DATA --out {self.folder / 'first'}"
                )
            raise BundleError(
                f"{self.folder} is a registry in which no bundle was promoted yet; it has: {have}. "
                f"Say which one serves: winnow bundle promote NAME --registry {self.folder}"
            )
        return name

    def chosen_at(self) -> float:
        """When a bundle was promoted last, UTC seconds; 0 before the first."""
        file = self.folder / POINTER_FILE
        return file.stat().st_mtime if file.exists() else 0.0

    def previous(self) -> str:
        """The name of the bundle that served before the one that does.

        Raises:
            BundleError: there is none, or as `pointer`.
        """
        name = self.pointer().previous
        if name is None:
            raise BundleError("No bundle served before the one that does, so there is no way back.")
        return name

    def promote(self, name: str) -> Pointer:
        """Has a bundle serve from now on, and keeps the one that did in mind. A power cut leaves the old or the new.

        Raises:
            BundleError: as `path_of` and `pointer`.
            OSError: it cannot be written.
        """
        self.path_of(name)
        before = self.pointer()
        after = before if before.current == name else Pointer(current=name, previous=before.current)
        self._write(json.dumps({"current": after.current, "previous": after.previous}).encode() + b"\n")
        return after

    def _holds(self, name: str) -> bool:
        path = self.folder / name
        return NAME.fullmatch(name) is not None and not path.is_symlink() and (path / MANIFEST_NAME).is_file()

    def _write(self, content: bytes) -> None:
        handle, partial = tempfile.mkstemp(prefix=f".{POINTER_FILE}.", dir=self.folder)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(partial).replace(self.folder / POINTER_FILE)
        except OSError:
            Path(partial).unlink(missing_ok=True)
            raise
        folder = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _damaged(file: Path) -> BundleError:
    return BundleError(
        f'{file} does not say which bundle serves; it should hold {{"current": NAME, "previous": NAME or null}}. '
        "Delete it, and promote a bundle."
    )
