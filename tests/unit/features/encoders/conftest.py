"""What tests of encoders share."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image


@pytest.fixture(scope="session")
def clip_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny CLIP of random weights."""
    from tests.tiny_networks import write_clip  # noqa: PLC0415 - torch, which not all tests here need

    folder = tmp_path_factory.mktemp("models") / "tiny-clip"
    write_clip(folder)
    return folder


@pytest.fixture(scope="session")
def png() -> Callable[..., bytes]:
    """Makes the file of a picture of one colour."""

    def make(*colour: int, size: tuple[int, int] = (40, 30)) -> bytes:
        content = BytesIO()
        Image.new("RGB", size, colour).save(content, "PNG")
        return content.getvalue()

    return make
