"""An opened, verified bundle."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from winnow.bundle.manifest import MANIFEST_NAME, Manifest, manifest_from_json
from winnow.schema.errors import BundleError
from winnow.schema.schema import Schema
from winnow.schema.schema_file import schema_from_dict

ATTACHMENTS = "attachments"
SPACE_FILE = "space.json"
SPACE_PARTS = ("query", "catalogue", "index")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """A folder whose every file was checked against the manifest.

    Attributes:
        path: the folder.
        manifest: its first page.
        schema: the part `schema`.
    """

    path: Path
    manifest: Manifest
    schema: Schema

    @staticmethod
    def open(path: Path) -> "Bundle":
        """Opens and verifies.

        Raises:
            BundleError: no manifest, a newer format, a file that is missing, changed, added, linked or outside the
                folder, a schema that is not the recorded one, or parts from different vector spaces.
        """
        manifest = _read_manifest(path)
        for part, files in manifest.parts.items():
            for name, expected in files.items():
                _check_file(path, part, name, expected)
        _check_nothing_added(path, manifest)
        schema = _read_schema(path, manifest)
        for part in SPACE_PARTS:
            if part in manifest.parts:
                _check_space(path, part, manifest.space_id)
        return Bundle(path=path, manifest=manifest, schema=schema)

    def has(self, part: str) -> bool:
        """Whether the bundle holds the part."""
        return part in self.manifest.parts

    def part(self, name: str) -> Path:
        """The folder of a part.

        Raises:
            BundleError: this bundle has no such part.
        """
        if not self.has(name):
            have = ", ".join(sorted(self.manifest.parts))
            raise BundleError(f"The bundle {self.path} has no part '{name}'; it has: {have}.")
        return self.path / name

    def attachment(self, name: str) -> Any | None:
        """What was attached under the name, None when nothing was.

        Raises:
            BundleError: it was written for another bundle.
        """
        file = self.path / ATTACHMENTS / f"{name}.json"
        if not file.is_file():
            return None
        found = json.loads(file.read_text(encoding="utf-8"))
        if found["manifest_digest"] != self.manifest.digest:
            raise BundleError(f"The attachment {file} belongs to another bundle. Delete it and make it again.")
        return found["content"]

    def attach(self, name: str, content: object) -> Path:
        """Writes `attachments/<name>.json` beside the hashed parts, naming the manifest's digest."""
        folder = self.path / ATTACHMENTS
        folder.mkdir(exist_ok=True)
        target = folder / f"{name}.json"
        text = json.dumps({"manifest_digest": self.manifest.digest, "content": content}, indent=1, ensure_ascii=False)
        partial = target.with_suffix(".partial")
        partial.write_text(text + "\n", encoding="utf-8")
        partial.replace(target)
        return target


def file_hash(path: Path) -> str:
    """SHA-256 of a file, hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read_manifest(path: Path) -> Manifest:
    file = path / MANIFEST_NAME
    if not file.is_file():
        raise BundleError(
            f"{path} is not a bundle: it has no {MANIFEST_NAME}. Name a folder that `winnow train` wrote."
        )
    return manifest_from_json(file.read_text(encoding="utf-8"), str(file))


def _check_file(path: Path, part: str, name: str, expected: str) -> None:
    inside = PurePosixPath(name)
    if inside.is_absolute() or ".." in inside.parts or inside.parts[0] != part:
        raise BundleError(f"The part '{part}' of the bundle {path} names the file '{name}', which lies outside it.")
    file = path / name
    if any(step.is_symlink() for step in (file, *file.parents) if path in step.parents):
        raise BundleError(f"The part '{part}' of the bundle {path} holds a link, '{name}'; a bundle holds plain files.")
    if not file.is_file():
        raise BundleError(f"The part '{part}' of the bundle {path} is damaged: the file '{name}' is missing.")
    if file_hash(file) != expected:
        raise BundleError(
            f"The part '{part}' of the bundle {path} is damaged: the file '{name}' has changed since it was written."
        )


def _check_nothing_added(path: Path, manifest: Manifest) -> None:
    known = {name for files in manifest.parts.values() for name in files} | {MANIFEST_NAME}
    for file in path.rglob("*"):
        name = file.relative_to(path).as_posix()
        if not file.is_dir() and name not in known and not name.startswith(f"{ATTACHMENTS}/"):
            raise BundleError(f"The bundle {path} holds a file that its manifest does not name: '{name}'.")


def _read_schema(path: Path, manifest: Manifest) -> Schema:
    if "schema" not in manifest.parts:
        raise BundleError(f"The bundle {path} has no part 'schema'; every bundle needs one.")
    schema = schema_from_dict(json.loads((path / "schema" / "schema.json").read_text(encoding="utf-8")))
    if schema.digest != manifest.schema_digest:
        raise BundleError(f"The part 'schema' of the bundle {path} is not the schema that its manifest names.")
    return schema


def _check_space(path: Path, part: str, space_id: str) -> None:
    found = json.loads((path / part / SPACE_FILE).read_text(encoding="utf-8"))["space_id"]
    if found != space_id:
        raise BundleError(
            f"The part '{part}' of the bundle {path} belongs to the vector space {found[:12]}, the bundle to "
            f"{space_id[:12]}: parts of two bundles were mixed. Use a bundle as it was written."
        )
