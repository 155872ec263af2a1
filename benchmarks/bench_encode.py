"""Encoders of texts and pictures, on the simulated shop of the demo's size."""

from collections.abc import Iterator
from time import perf_counter

import numpy as np
from rich.progress import track

from benchmarks.inputs import Inputs
from benchmarks.result import Result
from winnow.data.shop.draw_picture import draw_picture
from winnow.data.shop.items import Items, make_items
from winnow.data.shop.look import Look
from winnow.data.shop.shop_spec import spec_of
from winnow.data.shop.words import descriptions, titles
from winnow.features.encoders.picture_statistics import PictureStatistics
from winnow.features.fit_text import fit_text
from winnow.schema.column import Array
from winnow.schema.feature import Entity, Feature, Kind
from winnow.schema.transform import TextVector

GROUP = "encode"
QUALITY = False
RECIPE = "demo"


def rows(inputs: Inputs) -> Iterator[Result]:
    """Seconds for all texts and for all pictures of a shop; what makes them does not count."""
    items = make_items(spec_of(RECIPE))
    yield _result("text", len(items), *_text_seconds(texts(items)))
    yield _result("image", len(items), *_picture_seconds(pictures(items)))


def texts(items: Items) -> list[str]:
    """Title and description of each item."""
    seed = spec_of(RECIPE).seed
    both = zip(titles(items, seed).to_pylist(), descriptions(items, seed).to_pylist(), strict=True)
    return [f"{title}. {description}" for title, description in both]


def pictures(items: Items) -> list[bytes]:
    """A PNG file for each item."""
    names = ("style", "colour", "material", "pattern")
    return [
        draw_picture(
            Look(**{name: int(getattr(items, name)[row]) for name in names}, shade=float(items.shade[row]), seed=row)
        )
        for row in track(range(len(items)), "drawing", transient=True)
    ]


def _result(what: str, number: int, seconds: float, how: str) -> Result:
    name = f"encode.{what}.embedded.{number}.seconds"
    return Result(name=name, value=seconds, unit="s", better="lower", how=how)


def _text_seconds(contents: list[str]) -> tuple[float, str]:
    column: Array = np.array(contents, object)
    transform = TextVector()
    feature = Feature(name="words", entity=Entity.ITEM, kind=Kind.TEXT, transform=transform)
    start = perf_counter()
    fit_text(feature, transform, contents)(column)
    seconds = perf_counter() - start
    words = np.mean([len(content.split()) for content in contents])
    how = f"`TextVector`, TF-IDF and SVD, fitted and applied; {len(contents):,} texts of {words:.0f} words (mean), "
    return seconds, f"{how}vector width {transform.width}"


def _picture_seconds(contents: list[bytes]) -> tuple[float, str]:
    encoder = PictureStatistics()
    start = perf_counter()
    encoder.encode(contents)
    seconds = perf_counter() - start
    how = f"`PictureStatistics`, one thread, decoding included; {len(contents):,} PNG files of 320 x 320 pixels, "
    return seconds, f"{how}vector width {encoder.width}"
