"""Writes a bundle so that it is there whole or not at all."""

import json
import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from winnow.bundle.bundle import SPACE_FILE, SPACE_PARTS, file_hash
from winnow.bundle.manifest import MANIFEST_NAME, Manifest
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
        (self.part("schema") / "schema.json").write_text(text + "\n", encoding="utf-8")

    def seal_space(self, space_id: str) -> None:
        """Marks the parts that lie in one vector space."""
        for name in SPACE_PARTS:
            if (self.folder / name).is_dir():
                (self.folder / name / SPACE_FILE).write_text(json.dumps({"space_id": space_id}), encoding="utf-8")

    def parts(self) -> dict[str, dict[str, str]]:
        """Hashes of all that was written, for the manifest."""
        found: dict[str, dict[str, str]] = {}
        for file in sorted(self.folder.rglob("*")):
            if file.is_file():
                name = file.relative_to(self.folder)
                found.setdefault(name.parts[0], {})[name.as_posix()] = file_hash(file)
        return found

    def finish(self, manifest: Manifest) -> None:
        """The manifest, last."""
        file = self.folder / MANIFEST_NAME
        file.write_text(manifest.to_json(), encoding="utf-8")


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
    folder = Path(tempfile.mkdtemp(prefix=f".{target.name}.", suffix=".partial", dir=target.parent))
    try:
        yield BundleWriter(folder=folder)
        if not (folder / MANIFEST_NAME).is_file():
            raise BundleError("A bundle was written without its manifest; this is a defect of the program.")
        folder.chmod(0o755)
        _replace(folder, target)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def check_target(target: Path, *, force: bool) -> None:
    """Raises BundleError when a bundle may not be written to `target`; cheap, so call it before long work."""
    if not target.exists() or (target.is_dir() and not any(target.iterdir())):
        return
    if not (target / MANIFEST_NAME).is_file():
        raise BundleError(f"{target} exists and is not a bundle; nothing was written. Name another folder.")
    if not force:
        raise BundleError(f"{target} already holds a bundle; nothing was written. Name another folder or use --force.")


def _replace(folder: Path, target: Path) -> None:
    if target.exists():
        old = Path(tempfile.mkdtemp(prefix=f".{target.name}.", suffix=".old", dir=target.parent))
        target.replace(old / "bundle")
        folder.replace(target)
        shutil.rmtree(old)
    else:
        folder.replace(target)
