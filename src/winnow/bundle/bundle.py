"""An opened, verified bundle."""

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, cast

from winnow.bundle.manifest import MANIFEST_NAME, REMEDY, Manifest, manifest_from_json
from winnow.schema.errors import BundleError, SchemaError
from winnow.schema.schema import Schema
from winnow.schema.schema_file import schema_from_dict

ATTACHMENTS = "attachments"
EVALUATION = "evaluation"
"""Name of the attachment that tells how good the bundle is."""
SCHEMA_FILE = "schema.json"
SPACE_FILE = "space.json"
SPACE_PARTS = ("query", "catalogue", "index", "clicks")


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
        _check_nothing_added(path, manifest)
        for part, files in manifest.parts.items():
            for name, expected in files.items():
                _check_file(path, part, name, expected)
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
            BundleError: it was written for another bundle, or is damaged.
        """
        return attached(self.path, self.manifest.digest, name)

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


def attached(path: Path, digest: str, name: str) -> Any | None:
    """What was attached under the name to the bundle in a folder, without a look at its parts; raises as `attachment`.

    Args:
        path: the folder.
        digest: of its manifest.
        name: of the attachment.
    """
    file = path / ATTACHMENTS / f"{name}.json"
    if not file.is_file():
        return None
    found = _read_object(file, f"The attachment {file}", ("manifest_digest", "content"))
    if found["manifest_digest"] != digest:
        raise BundleError(f"The attachment {file} belongs to another bundle. Delete it and make it again.")
    return found["content"]


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
    return manifest_from_json(file.read_bytes(), str(file))


def _check_file(path: Path, part: str, name: str, expected: str) -> None:
    inside = PurePosixPath(name)
    if inside.is_absolute() or ".." in inside.parts or inside.parts[:1] != (part,):
        raise BundleError(f"The part '{part}' of the bundle {path} names the file '{name}', which lies outside it.")
    file = path / name
    if not file.is_file():
        raise BundleError(f"The part '{part}' of the bundle {path} is damaged: the file '{name}' is missing. {REMEDY}")
    if file_hash(file) != expected:
        raise BundleError(
            f"The part '{part}' of the bundle {path} is damaged: the file '{name}' has changed since it was written. "
            f"{REMEDY}"
        )


def _check_nothing_added(path: Path, manifest: Manifest) -> None:
    known = {name for files in manifest.parts.values() for name in files} | {MANIFEST_NAME}
    for file in path.rglob("*"):
        name = file.relative_to(path).as_posix()
        if file.is_symlink():
            raise BundleError(f"The bundle {path} holds a link, '{name}'; a bundle holds plain files.")
        if not file.is_dir() and name not in known and not name.startswith(f"{ATTACHMENTS}/"):
            raise BundleError(f"The bundle {path} holds a file that its manifest does not name: '{name}'.")


def _read_schema(path: Path, manifest: Manifest) -> Schema:
    if "schema" not in manifest.parts:
        raise BundleError(f"The bundle {path} has no part 'schema'; every bundle needs one.")
    what = f"The part 'schema' of the bundle {path}"
    try:
        schema = schema_from_dict(_read_object(path / "schema" / SCHEMA_FILE, what, ()))
    except SchemaError as error:
        raise BundleError(f"{what} cannot be read: {error}") from error
    if schema.digest != manifest.schema_digest:
        raise BundleError(f"{what} is not the schema that its manifest names.")
    return schema


def _check_space(path: Path, part: str, space_id: str) -> None:
    what = f"The part '{part}' of the bundle {path}"
    if not (path / part / SPACE_FILE).is_file():
        raise BundleError(
            f"{what} does not say to which vector space it belongs: {SPACE_FILE} cannot be read. It is damaged, or "
            "older than this program; train the bundle again."
        )
    found = str(_read_object(path / part / SPACE_FILE, what, ("space_id",))["space_id"])
    if found != space_id:
        raise BundleError(
            f"{what} belongs to the vector space {found[:12]}, the bundle to {space_id[:12]}: parts of two bundles "
            "were mixed. Use a bundle as it was written."
        )


def _read_object(file: Path, what: str, keys: Collection[str]) -> dict[str, Any]:
    """A JSON object with the given keys, or a BundleError that begins with `what`."""
    try:
        found: object = json.loads(file.read_bytes().decode())
    except (FileNotFoundError, ValueError) as error:  # ValueError: not UTF-8, or not JSON
        raise BundleError(f"{what} is damaged: {file.name} cannot be read ({error}).") from error
    if not isinstance(found, dict) or not set(keys) <= found.keys():
        raise BundleError(f"{what} is damaged: {file.name} does not hold {', '.join(keys) or 'an object'}.")
    return cast("dict[str, Any]", found)
