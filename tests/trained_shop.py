"""A small shop and what training makes of it. Imported only where a test wants them: they bring torch along."""

from pathlib import Path

from winnow.data.open_dataset import open_dataset
from winnow.data.shop import write_shop as simulator
from winnow.data.shop.shop_spec import SIZES
from winnow.ops.train import train
from winnow.recipes.recipes import tiny
from winnow.schema.progress import silent


def write_shop(folder: Path) -> None:
    simulator.write_shop(SIZES["tiny"], folder)


def write_bundle(shop: Path, folder: Path) -> None:
    train(open_dataset(shop), tiny(), folder, silent)
