"""The small shop and its bundle with windows in the schema, without training anew: no model reads them."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

from tests.unit.bundle.small_bundle import forge
from winnow.bundle.bundle import SCHEMA_FILE, Bundle
from winnow.data.open_dataset import open_dataset
from winnow.data.write_dataset import write_dataset
from winnow.schema.feature import Entity, Feature, Kind
from winnow.schema.schema import Schema, schema_to_dict
from winnow.schema.transform import Vocabulary
from winnow.schema.window import Window

WINDOWS = {
    "top_category": Window(of="category", over_hours=48, types=("click", "cart", "purchase")),
    "last_item": Window(of="item_id", over_hours=0.5),
}


def windowed_shop(shop: Path, bundle: Path, folder: Path) -> tuple[Path, Path]:
    """Copies of the bundle and of the data set, in a folder that is there."""
    data, copy = folder / "shop", folder / "bundle"
    dataset = open_dataset(shop)
    write_dataset(replace(dataset, schema=_with_windows(dataset.schema)), data)
    schema = open_dataset(data).schema
    shutil.copytree(bundle, copy)
    recorded = Bundle.open(copy).manifest.data
    (copy / "schema" / SCHEMA_FILE).write_text(json.dumps(schema_to_dict(schema)), encoding="utf-8")
    forge(copy, schema_digest=schema.digest, data={**recorded, "source": str(data), "schema_file": ""})
    return copy, data


def _with_windows(schema: Schema) -> Schema:
    windows = [
        Feature(name=name, entity=Entity.CONTEXT, kind=Kind.CATEGORY, transform=Vocabulary(), window=window)
        for name, window in WINDOWS.items()
    ]
    return replace(schema, features=(*schema.features, *windows))
