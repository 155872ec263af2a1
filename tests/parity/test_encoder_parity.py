"""Encoders as they are served give the vectors that they had in torch: equal within 1e-5, for any content and batch."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.served_encoders import MINILM
from tests.tiny_networks import write_siglip
from winnow.features.encoders.clip import load_clip
from winnow.features.encoders.clip_pictures import ClipPictures
from winnow.features.encoders.clip_texts import ClipTexts
from winnow.features.encoders.export_encoder import export_encoder
from winnow.features.encoders.open_exported import open_exported
from winnow.features.encoders.sentence_bert import SentenceBert

TOLERANCE = 1e-5
SHARED = {"minilm texts": "texts", "clip pictures": "pictures"}
"""What other tests use too."""
TEXT_ENCODERS = ("minilm texts", "clip texts", "siglip texts")
PICTURE_ENCODERS = ("clip pictures", "siglip pictures")
TEXTS = [
    "Spade",
    "a red SHOE, of leather & canvas; size 38½ (new!)",
    "Café crème, Größe XL — naïve “quotes”",
    "日本語の説明 and 한국어, עברית, русский",
    "\U0001f600 \U0001f468\u200d\U0001f469\u200d\U0001f467 emoji",
    "[SEP] [MASK] <|endoftext|> [PAD] </s>",
    "tabs\tand\nlines\r\n  and   spaces",
    "zero\x00, bell\x07, soft\u00adhyphen, e\u0301, \ufb01",
    "\u200b",
    "x" * 500,
    "watering can " * 300,
    "one two three four five six seven eight nine ten " * 26,
    "",
    " \n ",
    "half \ud83d",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """An encoder in torch, the one that is served, and its folder."""

    encoder: Any
    served: Any
    folder: Path

    def check(self, contents: list[Any], batch_size: int = 32) -> None:
        wanted, found = (each.encode(contents, batch_size=batch_size) for each in (self.encoder, self.served))
        assert found.problems == wanted.problems
        assert found.vectors.dtype == np.float32
        np.testing.assert_allclose(found.vectors, wanted.vectors, rtol=0, atol=TOLERANCE)


@pytest.fixture(scope="module")
def pair(served_encoders: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Pair]:
    """Pairs by name; each is exported once, when it is first asked for."""
    clip, siglip = str(served_encoders / "clip"), str(tmp_path_factory.mktemp("models") / "siglip")
    write_siglip(Path(siglip))
    make: dict[str, Callable[[], Any]] = {
        "minilm texts": lambda: SentenceBert(str(MINILM)),
        "clip texts": lambda: ClipTexts(load_clip(clip)),
        "clip pictures": lambda: ClipPictures(load_clip(clip)),
        "siglip texts": lambda: ClipTexts(load_clip(siglip)),
        "siglip pictures": lambda: ClipPictures(load_clip(siglip)),
    }

    @cache
    def export(name: str) -> Pair:
        encoder = make[name]()
        if name in SHARED:
            folder = served_encoders / SHARED[name]
        else:
            folder = tmp_path_factory.mktemp("exported")
            export_encoder(encoder, folder)
        return Pair(encoder=encoder, served=open_exported(folder), folder=folder)

    return export


def noise(width: int, height: int, mode: str = "RGB") -> Image.Image:
    pixels = np.random.default_rng(width).integers(0, 256, (height, width, 4), np.uint8)
    return Image.fromarray(pixels).convert(mode) if mode != "RGBA" else Image.fromarray(pixels)


def file(picture: Image.Image, kind: str = "PNG", **settings: Any) -> bytes:
    content = BytesIO()
    picture.save(content, kind, **settings)
    return content.getvalue()


def turned(angle: int) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = angle
    return file(noise(41, 64), "JPEG", exif=exif)


PICTURES = [
    *(file(noise(*size)) for size in [(32, 32), (33, 31), (53, 37), (7, 5), (1, 20), (20, 1), (640, 481)]),
    *(file(noise(45, 34, mode)) for mode in ("RGBA", "L", "LA", "P", "1")),
    *(turned(angle) for angle in (3, 6, 8)),
    file(noise(30, 50), "WEBP"),
    file(noise(30, 50), "GIF"),
    file(noise(40, 40, "CMYK"), "JPEG"),
    b"no picture",
    file(noise(50, 50))[:900],
    file(noise(30, 1)),
]


@pytest.mark.parametrize("batch_size", [1, 2, 32])
@pytest.mark.parametrize("name", TEXT_ENCODERS)
def test_texts_of_all_kinds(pair, name, batch_size):
    pair(name).check(TEXTS, batch_size)


@pytest.mark.parametrize("batch_size", [1, 4, 32])
@pytest.mark.parametrize("name", PICTURE_ENCODERS)
def test_pictures_of_all_kinds(pair, name, batch_size):
    pair(name).check(PICTURES, batch_size)


@settings(max_examples=40)
@given(contents=st.lists(st.text(st.characters(), max_size=60), max_size=4))
def test_any_text_with_real_weights(pair, contents):
    pair("minilm texts").check(contents)


@pytest.mark.parametrize("name", [*TEXT_ENCODERS, *PICTURE_ENCODERS])
def test_a_served_encoder_is_the_same_encoder_and_tells_contents_apart(pair, name):
    one = pair(name)
    assert (one.served.id, one.served.width) == (one.encoder.id, one.encoder.width)
    first, second = one.served.encode(["red", "lamp"] if name in TEXT_ENCODERS else PICTURES[:2]).vectors
    assert abs(first - second).max() > 1e-3


WITHOUT_TORCH = """
import sys
sys.modules.update(dict.fromkeys(("torch", "transformers", "sentence_transformers", "sklearn", "scipy")))

from pathlib import Path
import numpy as np
from winnow.features.encoders.open_exported import open_exported

folder, vectors, content = map(Path, sys.argv[1:])
content = content.read_bytes()
encoder = open_exported(folder)
np.save(vectors, encoder.encode([content if "pictures" in encoder.id else content.decode()]).vectors)
"""


@pytest.mark.parametrize(("name", "content"), [("minilm texts", TEXTS[1].encode()), ("clip pictures", PICTURES[2])])
def test_neither_torch_nor_transformers_is_needed(pair, name, content, tmp_path):
    (tmp_path / "content").write_bytes(content)
    paths = [str(each) for each in (pair(name).folder, tmp_path / "vectors.npy", tmp_path / "content")]
    subprocess.run([sys.executable, "-W", "error", "-c", WITHOUT_TORCH, *paths], check=True)
    wanted = pair(name).encoder.encode([content if name in PICTURE_ENCODERS else content.decode()]).vectors
    np.testing.assert_allclose(np.load(tmp_path / "vectors.npy"), wanted, rtol=0, atol=TOLERANCE)
