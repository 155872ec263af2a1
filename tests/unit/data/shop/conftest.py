import pytest

from tests.unit.data.shop.simulated import Simulated
from winnow.data.shop.shop_spec import SIZES
from winnow.data.shop.write_shop import write_shop


@pytest.fixture(scope="session")
def demo() -> Simulated:
    """The demo's shop in memory."""
    return Simulated.of(SIZES["demo"])


@pytest.fixture(scope="session")
def tiny() -> Simulated:
    """A tiny shop in memory."""
    return Simulated.of(SIZES["tiny"])


@pytest.fixture(scope="session")
def tiny_folder(tmp_path_factory):
    """The same tiny shop in a folder."""
    folder = tmp_path_factory.mktemp("shops") / "tiny"
    write_shop(SIZES["tiny"], folder)
    return folder
