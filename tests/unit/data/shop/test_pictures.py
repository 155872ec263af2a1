import numpy as np
import pytest

from winnow.data.shop.items import make_items
from winnow.data.shop.lexicon import COLOURS, MATERIALS, PATTERNS
from winnow.data.shop.pictures import NOISE, PICTURE_WIDTH, picture_vectors
from winnow.data.shop.shop_spec import SIZES

ITEMS = make_items(SIZES["demo"])
VECTORS = picture_vectors(ITEMS, 0)
KNOWN = np.arange(len(ITEMS)) % 2 == 0


def with_one(vectors):
    return np.concatenate([vectors, np.ones((len(vectors), 1))], 1)


def linear_fit(wanted):
    weights = np.linalg.lstsq(with_one(VECTORS[KNOWN]), wanted[KNOWN], rcond=None)[0]
    return with_one(VECTORS[~KNOWN]) @ weights


def test_a_picture_is_a_row_of_sixteen():
    assert VECTORS.shape == (len(ITEMS), PICTURE_WIDTH)
    assert VECTORS.dtype == np.float32


@pytest.mark.parametrize(("name", "words"), [("colour", COLOURS), ("material", MATERIALS), ("pattern", PATTERNS)])
def test_a_linear_model_reads_the_words_of_unseen_pictures(name, words):
    codes = getattr(ITEMS, name)
    read = linear_fit(np.eye(len(words))[codes]).argmax(1)
    assert (read == codes[~KNOWN]).mean() > 0.999


def test_a_linear_model_reads_the_shade_of_unseen_pictures_up_to_the_noise():
    error = linear_fit(ITEMS.shade.astype(float)) - ITEMS.shade[~KNOWN]
    assert np.sqrt((error**2).mean()) == pytest.approx(NOISE, rel=0.1)


def test_pictures_tell_nothing_of_style_mood_or_occasion():
    for name in ("style", "mood", "occasion"):
        codes = getattr(ITEMS, name)
        read = linear_fit(np.eye(codes.max() + 1)[codes]).argmax(1)
        assert (read == codes[~KNOWN]).mean() < 1.5 / (codes.max() + 1) + 0.02


def test_pictures_are_the_same_for_the_same_seed():
    assert np.array_equal(picture_vectors(ITEMS, 0), VECTORS)
    assert not np.allclose(picture_vectors(ITEMS, 1), VECTORS)
