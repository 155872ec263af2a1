"""A small shop and what training makes of it. Imported only where a test wants them: they bring torch along."""

from pathlib import Path

from winnow.data.open_dataset import open_dataset
from winnow.data.simulator import simulate
from winnow.data.simulator_spec import SIZES
from winnow.data.write_dataset import write_dataset
from winnow.ops.train import train
from winnow.recipes.recipes import tiny
from winnow.schema.progress import silent


def write_shop(folder: Path) -> None:
    write_dataset(simulate(SIZES["tiny"]), folder)


def write_bundle(shop: Path, folder: Path) -> None:
    train(open_dataset(shop), tiny(), folder, silent)
