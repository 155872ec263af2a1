"""A bundle of a few bytes, and a forger who makes the manifest fit whatever was done to the files."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from winnow.bundle.bundle import Bundle
from winnow.bundle.manifest import MANIFEST_NAME, Manifest, manifest_from_json
from winnow.bundle.writer import BundleWriter, writing_bundle
from winnow.schema.feature import Entity, Feature, Kind
from winnow.schema.schema import Schema
from winnow.schema.transform import Vocabulary

SPACE = "a" * 64
SCHEMA = Schema(features=(Feature(name="colour", entity=Entity.ITEM, kind=Kind.CATEGORY, transform=Vocabulary()),))


def manifest_of(parts: Mapping[str, Mapping[str, str]], **changes: Any) -> Manifest:
    values: dict[str, Any] = {
        "name": "small-20261121-00000000",
        "created_at": "2026-11-21T12:00:00+00:00",
        "winnow_version": "0.1.0",
        "git_commit": "",
        "schema_digest": SCHEMA.digest,
        "space_id": SPACE,
        "recipe": {"name": "prüfung", "pipeline": {"ann_quota": 280, "seen_types": ["view"]}},
        "data": {"source": "shop", "schema_file": "", "digest": "d" * 64},
        "split": {"train_until": 1.5, "test_until": 2.25},
        "training_metrics": {"recall_at_10": 0.125},
        "parts": parts,
    }
    return Manifest(**{**values, **changes})


def fill(writer: BundleWriter, space_id: str = SPACE) -> None:
    writer.schema(SCHEMA)
    (writer.part("index") / "index.json").write_text("{}")
    nested = writer.part("query") / "weights"
    nested.mkdir()
    (nested / "layer.bin").write_bytes(bytes(range(256)))
    (writer.part("popularity") / "weights.npy").write_bytes(b"123")
    writer.seal_space(space_id)


def write_bundle(path: Path, *, space_id: str = SPACE, force: bool = False, **changes: Any) -> Bundle:
    with writing_bundle(path, force=force) as writer:
        fill(writer, space_id)
        writer.finish(manifest_of(writer.parts(), space_id=space_id, **changes))
    return Bundle.open(path)


def forge(path: Path, **changes: Any) -> None:
    """A manifest whose hashes and seal fit the files as they are now, with fields as given."""
    manifest = manifest_from_json((path / MANIFEST_NAME).read_bytes(), str(path))
    parts = BundleWriter(folder=path).parts()
    (path / MANIFEST_NAME).write_text(replace(manifest, **{"parts": parts, **changes}).to_json(), encoding="utf-8")


def raw_manifest(path: Path) -> dict[str, Any]:
    return json.loads((path / MANIFEST_NAME).read_text(encoding="utf-8"))
