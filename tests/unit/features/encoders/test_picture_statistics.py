"""What the embedded encoder reads from the simulated shop's own pictures, and what leaves it unmoved."""

from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from sklearn.linear_model import Ridge, RidgeClassifier

from winnow.data.shop.draw_picture import draw_picture
from winnow.data.shop.lexicon import CATEGORY_OF_STYLE, COLOURS, MATERIALS, PATTERNS, STYLE_NAMES
from winnow.data.shop.look import Look
from winnow.features.encoders.picture_statistics import PictureStatistics

SAMPLE, TRAINED_ON = 360, 270
ENCODER = PictureStatistics()


def looks(number: int) -> list[Look]:
    draw = np.random.default_rng(0)
    sizes = {"style": STYLE_NAMES, "colour": COLOURS, "material": MATERIALS, "pattern": PATTERNS}
    codes = {name: draw.integers(len(words), size=number).tolist() for name, words in sizes.items()}
    shades, seeds = draw.uniform(-1, 1, number).tolist(), draw.integers(2**32, size=number).tolist()
    return [
        Look(**{name: codes[name][row] for name in sizes}, shade=shades[row], seed=seeds[row]) for row in range(number)
    ]


@pytest.fixture(scope="module")
def sample():
    drawn = looks(SAMPLE)
    return drawn, [draw_picture(look) for look in drawn]


@pytest.fixture(scope="module")
def vectors(sample):
    return ENCODER.encode(sample[1]).vectors


def of(sample, name):
    return np.array([getattr(look, name) for look in sample[0]])


def accuracy(vectors, labels):
    probe = RidgeClassifier(alpha=0.02).fit(vectors[:TRAINED_ON], labels[:TRAINED_ON])
    return probe.score(vectors[TRAINED_ON:], labels[TRAINED_ON:])


def encoded(image: Image.Image, kind: str = "PNG", **settings: int):
    out = BytesIO()
    image.save(out, kind, **settings)
    (vector,) = ENCODER.encode([out.getvalue()]).vectors
    return vector


@pytest.mark.parametrize(("name", "least"), [("colour", 0.95), ("pattern", 0.85), ("style", 0.80)])
def test_a_linear_probe_reads(sample, vectors, name, least):
    assert accuracy(vectors, of(sample, name)) >= least


def test_a_linear_probe_reads_the_category_and_something_of_the_material(sample, vectors):
    assert accuracy(vectors, np.array(CATEGORY_OF_STYLE)[of(sample, "style")]) >= 0.80
    assert accuracy(vectors, of(sample, "material")) >= 1.5 / len(MATERIALS)


def test_a_linear_probe_reads_the_shade(sample, vectors):
    shades = of(sample, "shade")
    probe = Ridge(alpha=0.02).fit(vectors[:TRAINED_ON], shades[:TRAINED_ON])
    assert np.corrcoef(probe.predict(vectors[TRAINED_ON:]), shades[TRAINED_ON:])[0, 1] >= 0.82


def test_the_nearest_share_colour_and_pattern(sample, vectors):
    alike = vectors @ vectors.T
    np.fill_diagonal(alike, -1)
    nearest = np.argsort(-alike, axis=1)[:, :5]
    shared = {name: np.mean(of(sample, name)[nearest] == of(sample, name)[:, None]) for name in ("colour", "pattern")}
    assert shared["colour"] >= 0.85
    assert shared["pattern"] >= 1.7 / len(PATTERNS)


def test_vectors_are_of_unit_length_and_the_same_in_any_batch(sample, vectors):
    assert vectors.dtype == np.float32
    assert vectors.shape == (SAMPLE, ENCODER.width)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    heard = []
    again = ENCODER.encode(sample[1][5:0:-1], 2, lambda *told: heard.append(told))
    np.testing.assert_array_equal(again.vectors, vectors[5:0:-1])
    assert [told[1:] for told in heard] == [(2, 5), (4, 5), (5, 5)]


def test_another_size_or_format_moves_a_picture_little_and_another_item_much(sample, vectors):
    alike = vectors @ vectors.T
    for vector, content in zip(vectors[:8], sample[1], strict=False):
        image = Image.open(BytesIO(content)).convert("RGB")
        assert vector @ encoded(image.resize((640, 640), Image.Resampling.BICUBIC)) > 0.99
        assert vector @ encoded(image, "JPEG", quality=85) > 0.98
    assert np.quantile(alike[np.triu_indices(SAMPLE, 1)], 0.9) < 0.7


def test_an_item_is_nearer_to_itself_in_another_shade_than_in_another_colour(sample):
    look = replace(sample[0][0], colour=COLOURS.index("green"), shade=0.2)
    other = replace(look, colour=COLOURS.index("red"))
    vector, darker, red = ENCODER.encode(
        [draw_picture(each) for each in (look, replace(look, shade=0.0), other)]
    ).vectors
    assert vector @ darker > vector @ red + 0.1


def test_what_cannot_be_decoded_is_told_at_its_place_and_harms_no_other(sample, vectors):
    whole = sample[1][0]
    encoded = ENCODER.encode([b"", whole, whole[: len(whole) // 2], b"GIF89a"])
    assert sorted(encoded.problems) == [0, 2, 3]
    assert all(problem.endswith(".") for problem in encoded.problems.values())
    assert encoded.present.tolist() == [False, True, False, False]
    assert not encoded.vectors[~encoded.present].any()
    np.testing.assert_array_equal(encoded.vectors[1], vectors[0])


@pytest.mark.parametrize("size", [(1, 1), (1, 20), (20, 1), (3000, 150), (127, 129)])
@pytest.mark.parametrize("colour", ["white", "black", "red"])
def test_a_picture_of_one_colour_in_any_size_has_a_vector(size, colour):
    vector = encoded(Image.new("RGB", size, colour))
    assert np.isfinite(vector).all()
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-6)


def test_no_pictures_give_no_vectors():
    assert ENCODER.encode([]).vectors.shape == (0, ENCODER.width)
