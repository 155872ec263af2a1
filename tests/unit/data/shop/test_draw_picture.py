import hashlib
import io
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from winnow.data.shop.draw_picture import draw_picture
from winnow.data.shop.fabric import SIZE
from winnow.data.shop.lexicon import CATEGORY_OF_STYLE, COLOURS, MATERIALS, PATTERNS, STYLE_NAMES
from winnow.data.shop.look import Look
from winnow.data.shop.outline import SHAPES, outline

LOOK = Look(
    style=STYLE_NAMES.index("blouse"),
    colour=COLOURS.index("green"),
    material=MATERIALS.index("cotton"),
    pattern=PATTERNS.index("solid"),
    shade=0.0,
    seed=40_000,
)
HUES = {"red": 0, "orange": 28, "yellow": 47, "green": 130, "teal": 178, "blue": 212, "navy": 227, "purple": 273}
HUES |= {"pink": 338, "brown": 23}


def pixels(look, mode="RGB"):
    return np.asarray(Image.open(io.BytesIO(draw_picture(look))).convert(mode), float)


def silhouette(look):
    """Where the item is, told by how strong its colour is."""
    return pixels(look, "HSV")[..., 1] > 60


def on_item(look, like=LOOK):
    """Pixels of the item, where it is told from the ground by a look of the same outline."""
    return pixels(look)[silhouette(like)]


def test_a_picture_is_a_small_square_of_moderate_weight():
    png = draw_picture(LOOK)
    assert Image.open(io.BytesIO(png)).size == (SIZE, SIZE)
    assert len(png) < 150_000


def test_equal_looks_give_equal_bytes_in_another_process_and_other_seeds_others():
    code = (
        "import hashlib\n"
        "from winnow.data.shop.draw_picture import draw_picture\n"
        "from winnow.data.shop.look import Look\n"
        f"print(hashlib.sha256(draw_picture({LOOK!r})).hexdigest())"
    )
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout
    assert other.strip() == hashlib.sha256(draw_picture(LOOK)).hexdigest()
    assert draw_picture(replace(LOOK, seed=40_001)) != draw_picture(LOOK)


def test_every_style_has_an_outline_that_is_on_the_sheet_and_shows_its_fabric():
    assert tuple(SHAPES) == STYLE_NAMES
    for style, name in enumerate(STYLE_NAMES):
        points = np.concatenate([part.points for part in outline(style)])
        assert (points.min() >= -1e-9) & (points.max() <= 100 + 1e-9), name
        assert np.ptp(points, axis=0).max() == pytest.approx(100), name
        assert "body" in {part.paint for part in outline(style)}, name


def test_styles_of_a_category_have_different_outlines():
    shapes = [silhouette(replace(LOOK, style=style)) for style in range(len(STYLE_NAMES))]
    for one, shape in enumerate(shapes):
        assert shape.mean() > 0.02, STYLE_NAMES[one]
        for other in range(one):
            if CATEGORY_OF_STYLE[one] == CATEGORY_OF_STYLE[other]:
                differing = (shape ^ shapes[other]).sum() / (shape | shapes[other]).sum()
                assert differing > 0.1, (STYLE_NAMES[one], STYLE_NAMES[other])


@pytest.mark.parametrize("pattern", range(len(PATTERNS)))
@pytest.mark.parametrize("colour", HUES)
def test_the_dominant_hue_follows_the_colour(colour, pattern):
    look = replace(LOOK, colour=COLOURS.index(colour), pattern=pattern)
    red, green, blue = on_item(look).mean(axis=0)
    hue = np.degrees(np.arctan2(np.sqrt(3) * (green - blue), 2 * red - green - blue))
    assert abs((hue - HUES[colour] + 180) % 360 - 180) < 15


def test_grey_and_black_have_no_hue_and_differ_in_brightness():
    grey, black = (on_item(replace(LOOK, colour=COLOURS.index(name))).mean(axis=0) for name in ("grey", "black"))
    assert np.ptp(grey) < 20 > np.ptp(black)
    assert grey.mean() > black.mean() + 60


@pytest.mark.parametrize("colour", range(len(COLOURS)))
def test_brightness_follows_the_shade(colour):
    levels = [on_item(replace(LOOK, colour=colour, shade=shade)).mean() for shade in (-1, -0.5, 0, 0.5, 1)]
    assert np.all(np.diff(levels) > 3), levels
    assert levels[-1] - levels[0] > 35


@pytest.mark.parametrize("name", ["colour", "material", "pattern"])
def test_every_word_changes_what_the_item_shows(name):
    number = {"colour": len(COLOURS), "material": len(MATERIALS), "pattern": len(PATTERNS)}[name]
    shown = [on_item(replace(LOOK, **{name: code})) for code in range(number)]
    for one in range(number):
        for other in range(one):
            assert np.abs(shown[one] - shown[other]).mean() > 4, (name, one, other)


def test_a_pattern_is_clear_on_light_and_dark_items():
    for shade in (-1, 0, 1):
        plain = on_item(replace(LOOK, shade=shade))
        for pattern in range(1, len(PATTERNS)):
            printed = on_item(replace(LOOK, shade=shade, pattern=pattern))
            changed = np.abs(printed - plain).mean(axis=1) > 25
            assert 0.05 < changed.mean() < 0.7, (shade, PATTERNS[pattern])
