"""What all tests share: where real data is, how Hypothesis draws its cases, and one small shop with its bundle."""

import gc
import os
from pathlib import Path

import pytest
from hypothesis import settings

from benchmarks.data_folder import data_folder

# Read when torch and NumPy are imported. Two tests run at once, the networks and matrices of most are small, and what
# two threads add up differs from what one does in the last digit, so that a bundle would not be the same again.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# All that torch's exporter makes is looked through less often: a tenth of its time.
gc.set_threshold(50_000, 20, 50)

# Read when the libraries of pretrained models are imported: what is not there must not be looked for in the network.
os.environ["HF_HUB_OFFLINE"] = "1"

# The same cases in every run, and no time limit: several people share a machine.
settings.register_profile("winnow", derandomize=True, deadline=None)
settings.load_profile("winnow")


@pytest.fixture(scope="session")
def winnow_data() -> Path:
    """The folder of real data; a test that asks for it is skipped where it is missing."""
    folder = data_folder()
    if not folder.is_dir():
        pytest.skip(f"Needs real data, and there is no folder {folder}; name yours in WINNOW_DATA.")
    return folder


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a simulated shop."""
    from tests.trained_shop import write_shop  # noqa: PLC0415 - torch, which few tests need

    folder = tmp_path_factory.mktemp("shop") / "shop"
    write_shop(folder)
    return folder


@pytest.fixture(scope="session")
def bundle(shop: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundle that `winnow train --recipe tiny` makes of it; tests must not change it."""
    from tests.trained_shop import write_bundle  # noqa: PLC0415 - torch, which few tests need

    folder = tmp_path_factory.mktemp("trained") / "bundle"
    write_bundle(shop, folder)
    return folder
