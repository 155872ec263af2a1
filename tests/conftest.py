"""What all tests share: where real data is, how Hypothesis draws its cases, and one small shop with its bundle."""

import fcntl
import gc
import os
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from benchmarks.data_folder import data_folder

# Read when torch and NumPy are imported. Several tests run at once, most networks and matrices are small, and what two
# threads add up differs from what one does in the last digit, so that a bundle would not be the same again.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# All that torch's exporter makes is looked through less often: a tenth of its time.
gc.set_threshold(50_000, 20, 50)

# Read when the libraries of pretrained models are imported: what is not there must not be looked for in the network.
os.environ["HF_HUB_OFFLINE"] = "1"

# The same cases in every run, and no time limit: several people share a machine. With all tests they are as many as
# Hypothesis draws by itself; in the default suite, of whose time these were a tenth, they are fewer.
settings.register_profile("few", derandomize=True, deadline=None, max_examples=40)
settings.register_profile("many", derandomize=True, deadline=None, max_examples=100)
settings.load_profile("few")


FIRST = ("test_planted_world.py", "test_pretrained_encoders.py")
"""Begun first: one trains for longer than any other file takes, and the other needs no bundle, for which its process
would wait while a third one makes it."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: FIRST.index(item.path.name) if item.path.name in FIRST else len(FIRST))


def pytest_collection_finish() -> None:
    """What only processes that run tests need: the one that hands them out would begin seconds later."""
    import onnxscript._framework_apis.torch_2_11 as exporter  # noqa: PLC0415

    # For every model torch's exporter parses the source of all 500 functions of its library: half of its time for most.
    exporter.get_torchlib_ops = cache(exporter.get_torchlib_ops)
    if fields := sys.modules.get("fastapi._compat.v2"):
        fields.TypeAdapter = _once_for_each(fields.TypeAdapter)
    # What was imported stays, and no collection of garbage need look through it.
    gc.freeze()


def _once_for_each(adapter: Callable[..., Any]) -> Callable[..., Any]:
    """FastAPI makes what checks a type anew for each application, of which tests make hundreds: most of their time."""
    made: dict[str, Any] = {}

    def adapter_of(kind: Any, config: Any = None) -> Any:
        key = repr((kind, config))
        if key not in made:
            made[key] = adapter(kind, config=config)
        return made[key]

    return adapter_of


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

    return _made_once(tmp_path_factory, "shop", write_shop)


@pytest.fixture(scope="session")
def bundle(shop: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundle that `winnow train --recipe tiny` makes of it; tests must not change it."""
    from tests.trained_shop import write_bundle  # noqa: PLC0415 - torch, which few tests need

    return _made_once(tmp_path_factory, "bundle", lambda folder: write_bundle(shop, folder))


@pytest.fixture(scope="session")
def served_encoders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of two exported encoders, `texts` and `pictures`; tests must not change it."""
    from tests.served_encoders import write_encoders  # noqa: PLC0415 - torch, which few tests need

    return _made_once(tmp_path_factory, "encoders", write_encoders)


def _made_once(tmp_path_factory: pytest.TempPathFactory, name: str, write: Callable[[Path], object]) -> Path:
    """A folder that all processes of a test run share: whoever needs it first makes it."""
    own = tmp_path_factory.getbasetemp()
    root = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    folder = root / f"shared-{name}" / name
    folder.parent.mkdir(exist_ok=True)
    with (root / f"shared-{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            write(folder.with_name("unfinished"))
            folder.with_name("unfinished").rename(folder)
    return folder
