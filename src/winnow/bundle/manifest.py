"""The first page of a bundle: what it holds, from what it was made, the hash of every file, and a seal on all that."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, cast

from winnow.schema.errors import BundleError

FORMAT = 4
MANIFEST_NAME = "manifest.json"
REMEDY = "Restore the bundle or train it again."
"""What helps where a part of a bundle is damaged."""
SEAL = "seal"
"""Key of the SHA-256 of the manifest without this key; it finds damage, it does not prove who wrote the bundle."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """Everything about a bundle but its contents.

    Attributes:
        format: layout version; a program opens bundles of its own.
        name: of this very bundle, e.g. "retail-20261121-0a1b2c3d".
        created_at: UTC, ISO 8601.
        winnow_version: of the program that wrote it.
        git_commit: of the program, with "-dirty" behind it where its checkout had changed; "" when unknown.
        schema_digest: of the schema part.
        space_id: names the vector space that query tower, item vectors and index share.
        recipe: the whole Config, as plain values.
        data: `source`, `schema_file` ("" when the source has its own) and `digest` of the data set.
        split: its `kind` and what belongs to it; of a cut in time (also without a kind) `train_until` and `test_until`,
            UTC seconds.
        training_metrics: what training measured: on its own validation rows, and the recall of the index.
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
    split: Mapping[str, Any]
    training_metrics: Mapping[str, float]
    parts: Mapping[str, Mapping[str, str]]

    def to_json(self) -> str:
        """The text of `manifest.json`: the fields and their `seal`, without which no other file could tell a change."""
        content = asdict(self)
        return _text({**content, SEAL: _hash(_text(content))})

    @property
    def digest(self) -> str:
        """SHA-256 of `manifest.json`, hexadecimal; it covers every file through its hash."""
        return _hash(self.to_json())


def manifest_from_json(raw: bytes, where: str) -> Manifest:
    """Reads a manifest.

    Args:
        raw: contents of the file.
        where: its path, for messages.

    Raises:
        BundleError: not JSON, a format that this program does not read, fields missing or of the wrong type, or a
            single byte that is not as it was written.
    """
    try:
        loaded: object = json.loads(raw.decode())
    except ValueError as error:  # not UTF-8, or not JSON
        raise BundleError(f"The manifest {where} is damaged: {error}. {REMEDY}") from error
    if not isinstance(loaded, dict):
        raise BundleError(f"The manifest {where} holds no object; it is not the manifest of a bundle.")
    found = cast("dict[str, Any]", loaded)
    written = found.get("format")
    if written != FORMAT:
        older = isinstance(written, int) and written < FORMAT
        raise BundleError(
            f"The bundle {where} has the format {written!r}; this program reads format {FORMAT}. "
            f"{'Train' if older else 'Upgrade Winnow, or train'} the bundle again."
        )
    if problems := _problems(found):
        raise BundleError(f"The manifest {where} has missing, unknown or wrong fields: {', '.join(problems)}.")
    manifest = Manifest(**{name: value for name, value in found.items() if name != SEAL})
    if manifest.to_json().encode() != raw:
        raise BundleError(f"The manifest {where} has changed since it was written. {REMEDY}")
    return manifest


def _problems(found: Mapping[str, Any]) -> list[str]:
    kinds = {field.name: field.type if field.type in (int, str) else dict for field in fields(Manifest)} | {SEAL: str}
    problems = [name for name, kind in kinds.items() if not isinstance(found.get(name), kind)]
    problems += [name for name in found if name not in kinds]
    if not problems and not all(isinstance(files, dict) for files in found["parts"].values()):
        problems.append("parts")
    return problems


def _text(content: Mapping[str, Any]) -> str:
    return json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
