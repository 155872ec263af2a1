"""The first page of a bundle: what it holds, from what it was made, and the hash of every file."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, cast

from winnow.schema.errors import BundleError

FORMAT = 1
MANIFEST_NAME = "manifest.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """Everything about a bundle but its contents.

    Attributes:
        format: layout version; a program opens its own and older ones.
        name: of this very bundle, e.g. "retail-20261121-0a1b2c3d".
        created_at: UTC, ISO 8601.
        winnow_version: of the program that wrote it.
        git_commit: of the program, "" when unknown.
        schema_digest: of the schema part.
        space_id: names the vector space that query tower, item vectors and index share.
        recipe: the whole Config, as plain values.
        data: `source` and `digest` of the data set.
        split: `train_until` and `test_until`, UTC seconds.
        training_metrics: what training measured on its own validation rows.
        parts: part name -> file path inside the bundle -> SHA-256.
    """

    format: int = FORMAT
    name: str
    created_at: str
    winnow_version: str
    git_commit: str
    schema_digest: str
    space_id: str
    recipe: Mapping[str, Any]
    data: Mapping[str, str]
    split: Mapping[str, float]
    training_metrics: Mapping[str, float]
    parts: Mapping[str, Mapping[str, str]]

    def to_json(self) -> str:
        """The text of `manifest.json`."""
        return json.dumps(asdict(self), indent=1, sort_keys=True, ensure_ascii=False) + "\n"

    @property
    def digest(self) -> str:
        """SHA-256 of the manifest's text, hexadecimal; it covers every file through its hash."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()


def manifest_from_json(text: str, where: str) -> Manifest:
    """Reads a manifest.

    Args:
        text: contents of the file.
        where: its path, for messages.

    Raises:
        BundleError: not JSON, fields missing or of the wrong type, or a format newer than this program's.
    """
    try:
        loaded: object = json.loads(text)
    except json.JSONDecodeError as error:
        raise BundleError(f"The manifest {where} is damaged: {error}. Restore the bundle or train it again.") from error
    if not isinstance(loaded, dict):
        raise BundleError(f"The manifest {where} holds no object; it is not the manifest of a bundle.")
    found = cast("dict[str, Any]", loaded)
    if found.get("format") != FORMAT:
        raise BundleError(
            f"The bundle {where} has the format {found.get('format')!r}; this program reads format {FORMAT}. "
            "Upgrade Winnow, or train the bundle again."
        )
    wanted = {field.name: field.type for field in fields(Manifest)}
    problems = [name for name in wanted if name not in found] + [name for name in found if name not in wanted]
    mappings = ("recipe", "data", "split", "training_metrics", "parts")
    problems += [name for name in mappings if not isinstance(found.get(name, {}), dict)]
    if problems:
        raise BundleError(f"The manifest {where} has missing, unknown or wrong fields: {', '.join(problems)}.")
    return Manifest(**found)
