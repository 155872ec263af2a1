"""The demo: a simulated shop, trained and evaluated, ready to be served. What is there already is kept."""

import json
from dataclasses import dataclass
from pathlib import Path

from winnow.bundle.bundle import EVALUATION, Bundle
from winnow.bundle.manifest import MANIFEST_NAME
from winnow.data.dataset import ITEM, USER, Dataset
from winnow.data.open_dataset import open_dataset
from winnow.data.shop.shop_schema import MEDIA
from winnow.data.shop.shop_spec import SIZES
from winnow.data.shop.write_shop import write_shop
from winnow.evaluation.report import Report
from winnow.ops.evaluate import evaluate_bundle
from winnow.ops.train import train
from winnow.recipes.recipes import demo
from winnow.schema.errors import BundleError
from winnow.training.progress import Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """What the demo made.

    Attributes:
        bundle: its folder.
        report: of its evaluation.
        user_id: a user with a history, to ask for.
        item_id: an item, to click on.
        picture: file of that item's picture, for a new item to be sent.
    """

    bundle: Path
    report: Report
    user_id: str
    item_id: str
    picture: Path


def prepare_demo(folder: Path, progress: Progress) -> Demo:
    """Simulates, trains and evaluates what `folder` does not hold yet.

    Raises:
        DataError: the folder holds something else.
        BundleError: the folder holds a damaged bundle.
    """
    dataset = _shop(folder / "shop", progress)
    bundle = folder / "bundle"
    if not (bundle / MANIFEST_NAME).is_file():
        train(dataset, demo(), bundle, progress)
    opened = Bundle.open(bundle)
    if opened.manifest.data["digest"] != dataset.digest:
        raise BundleError(
            f"{bundle} was trained on another shop than {folder / 'shop'}. Delete {folder} and try again."
        )
    told = opened.attachment(EVALUATION)
    if told is None:
        report = evaluate_bundle(bundle, ("masked", "kept"), progress, data=folder / "shop")
    else:
        report = Report.from_dict(told)
    user_id, item_id = dataset.events[USER][-1].as_py(), dataset.events[ITEM][0].as_py()
    picture = folder / "shop" / MEDIA / f"{item_id}.png"
    return Demo(bundle=bundle, report=report, user_id=user_id, item_id=item_id, picture=picture)


def welcome(made: Demo, port: int, key: str, shop: str) -> str:
    """What to try first, ready to be copied; `shop` says where the web pages are, or what they want."""
    url = f"http://127.0.0.1:{port}"
    ask = json.dumps({"user_id": made.user_id, "context": {"device_type": "mobile"}, "k": 10})
    click = json.dumps({"events": [{"user_id": made.user_id, "item_id": made.item_id, "type": "click"}]})
    new = json.dumps(
        {"values": {"title": "Something new", "description": "Nobody has clicked it yet.", "picture": "%s"}}
    )
    return (
        f"\n{shop}\n\nServing {made.bundle} on {url} (described by {url}/openapi.json). Ctrl-C stops it.\n\n"
        f"Ten items for a user:\n  curl -s {url}/v1/recommendations -d '{ask}'\n\n"
        f"A click, after which the answer changes:\n"
        f"  curl -s {url}/v1/events -H 'Authorization: Bearer {key}' -d '{click}'\n\n"
        f"A new item with a picture, and what looks like it:\n"
        f"  printf '{new}' \"$(base64 {made.picture} | tr -d '\\n')\" \\\n"
        f"    | curl -s -T - -H 'Authorization: Bearer {key}' {url}/v1/items/new\n"
        f"  curl -s '{url}/v1/items/new/similar?by=picture&k=3'\n"
    )


def _shop(folder: Path, progress: Progress) -> Dataset:
    if not folder.exists():
        write_shop(SIZES["demo"], folder, progress)
    return open_dataset(folder, progress=progress)
