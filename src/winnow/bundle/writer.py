"""Writes a bundle so that it is there whole or not at all."""

import json
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from winnow.bundle.bundle import SCHEMA_FILE, SPACE_FILE, SPACE_PARTS, file_hash
from winnow.bundle.manifest import MANIFEST_NAME, Manifest
from winnow.bundle.partial_folder import partial_folder
from winnow.schema.errors import BundleError
from winnow.schema.schema import Schema, schema_to_dict


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleWriter:
    """A bundle being written, in a folder that is not yet the bundle's."""

    folder: Path

    def part(self, name: str) -> Path:
        """A new, empty folder for a part."""
        folder = self.folder / name
        folder.mkdir()
        return folder

    def schema(self, schema: Schema) -> None:
        """The part `schema`."""
        text = json.dumps(schema_to_dict(schema), indent=1, ensure_ascii=False)
        (self.part("schema") / SCHEMA_FILE).write_text(text + "\n", encoding="utf-8")

    def seal_space(self, space_id: str) -> None:
        """Marks the parts that lie in one vector space."""
        for name in SPACE_PARTS:
            if (self.folder / name).is_dir():
                (self.folder / name / SPACE_FILE).write_text(json.dumps({"space_id": space_id}), encoding="utf-8")

    def parts(self) -> dict[str, dict[str, str]]:
        """Hashes of all that was written but the manifest, for the manifest."""
        found: dict[str, dict[str, str]] = {}
        for file in sorted(self.folder.rglob("*")):
            if file.is_file() and file != self.folder / MANIFEST_NAME:
                name = file.relative_to(self.folder)
                found.setdefault(name.parts[0], {})[name.as_posix()] = file_hash(file)
        return found

    def finish(self, manifest: Manifest) -> None:
        """The manifest, last."""
        (self.folder / MANIFEST_NAME).write_bytes(manifest.to_json().encode())


@contextmanager
def writing_bundle(target: Path, *, force: bool = False) -> Generator[BundleWriter]:
    """A writer whose folder becomes `target` when the block ends well, and disappears when it does not.

    Args:
        target: what the bundle becomes; its parent is made if need be.
        force: replace a bundle that is there already.

    Raises:
        BundleError: `target` exists and is not empty, and is not a bundle or `force` is not given; or the block ended
            without `finish`.
    """
    check_target(target, force=force)
    target.parent.mkdir(parents=True, exist_ok=True)
    with partial_folder(target) as work:
        new, old = work / "new", work / "old"
        try:
            new.mkdir()
            yield BundleWriter(folder=new)
            if not (new / MANIFEST_NAME).is_file():
                raise BundleError("A bundle was written without its manifest; this is a defect of the program.")
            check_target(target, force=force)  # again: another training may have come first
            if target.exists():
                target.replace(old)
            new.replace(target)
        finally:
            if old.exists() and not target.exists():
                old.replace(target)


def check_target(target: Path, *, force: bool) -> None:
    """Raises BundleError when a bundle may not be written to `target`; cheap, so call it before long work."""
    if not target.exists() or (target.is_dir() and not any(target.iterdir())):
        return
    if not _is_bundle(target):
        raise BundleError(f"{target} exists and is not a bundle; nothing was written. Name another folder.")
    if not force:
        raise BundleError(f"{target} already holds a bundle; nothing was written. Name another folder or use --force.")


def _is_bundle(target: Path) -> bool:
    """Whether there is a manifest of ours, of whatever format; other programs write a `manifest.json` too."""
    file = target / MANIFEST_NAME
    try:
        found: object = json.loads(file.read_bytes()) if file.is_file() else None
    except ValueError:
        return False
    return isinstance(found, dict) and {"format", "space_id", "parts"} <= set(cast("dict[str, Any]", found))
