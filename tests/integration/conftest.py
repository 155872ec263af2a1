"""One small shop and one bundle for all integration tests."""

from pathlib import Path

import pytest

from winnow.data.open_dataset import open_dataset
from winnow.data.simulator import simulate
from winnow.data.simulator_spec import SIZES
from winnow.data.write_dataset import write_dataset
from winnow.ops.train import train
from winnow.recipes.recipes import tiny
from winnow.training.progress import silent


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a simulated shop."""
    folder = tmp_path_factory.mktemp("shop") / "shop"
    write_dataset(simulate(SIZES["tiny"]), folder)
    return folder


@pytest.fixture(scope="session")
def bundle(shop: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundle that `winnow train --recipe tiny` makes of it; tests must not change it."""
    folder = tmp_path_factory.mktemp("trained") / "bundle"
    train(open_dataset(shop), tiny(), folder, silent)
    return folder
