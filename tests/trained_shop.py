"""A small shop and what training makes of it. Imported only where a test wants them: they bring torch along."""

import json
from base64 import b64encode
from pathlib import Path
from typing import Any

from winnow.data.open_dataset import open_dataset
from winnow.data.shop import write_shop as simulator
from winnow.data.shop.shop_spec import SIZES
from winnow.ops.train import train
from winnow.recipes.recipes import tiny
from winnow.schema.progress import silent


def write_shop(folder: Path) -> None:
    simulator.write_shop(SIZES["tiny"], folder)


def values_of_items(shop: Path) -> dict[str, dict[str, Any]]:
    """What the shop would send of each of its items to a service, as JSON."""
    dataset = open_dataset(shop)
    rows = json.loads(json.dumps(dataset.items.to_pylist(), default=str))
    for row in rows:
        row["picture"] = b64encode((shop / "pictures" / row["picture"]).read_bytes()).decode()
    return {row.pop("item_id"): row for row in rows}


def write_bundle(shop: Path, folder: Path) -> None:
    train(open_dataset(shop), tiny(), folder, silent)
