import numpy as np
import pytest

from winnow.data.shop.lexicon import CATEGORIES, COLOURS, GENDERS, MATERIALS, MOODS, OCCASIONS, PATTERNS
from winnow.data.shop.likings import FACTOR_SHARE, FACTORS, GROUP_SHARE, LIKINGS

WORDS = {
    "category": CATEGORIES,
    "colour": COLOURS,
    "material": MATERIALS,
    "gender": GENDERS,
    "pattern": PATTERNS,
    "mood": MOODS,
    "occasion": OCCASIONS,
}
SD = np.concatenate([np.full(block.width, block.sd) for block in LIKINGS])


def test_every_word_has_a_column_and_every_slope_one():
    widths = {block.attribute: block.width for block in LIKINGS}
    assert widths == {name: len(words) for name, words in WORDS.items()} | {"shade": 1, "dearness": 1}
    assert [LIKINGS.block(name) for name in widths] == [
        slice(block.start, block.start + block.width) for block in LIKINGS
    ]
    assert np.concatenate([np.arange(LIKINGS.width)[LIKINGS.block(name)] for name in widths]).tolist() == list(
        range(LIKINGS.width)
    )


def test_likings_belong_to_the_effects_that_are_a_matter_of_taste():
    assert {block.attribute: block.effect for block in LIKINGS} == {
        **dict.fromkeys(("category", "colour", "material", "gender"), "taste"),
        **dict.fromkeys(("pattern", "shade"), "picture"),
        **dict.fromkeys(("mood", "occasion"), "words"),
        "dearness": "price",
    }


def test_hidden_factors_explain_their_share_of_every_column_exactly():
    loadings = LIKINGS.loadings(np.random.default_rng(1))
    assert loadings.shape == (FACTORS, LIKINGS.width)
    assert (loadings.astype(float) ** 2).sum(axis=0) == pytest.approx(FACTOR_SHARE * SD**2, rel=1e-5)


def test_what_is_ones_own_is_the_rest_of_the_variance():
    assert LIKINGS.own_sd() ** 2 == pytest.approx((1 - GROUP_SHARE - FACTOR_SHARE) * SD**2, rel=1e-5)


def test_groups_explain_their_share_around_the_mean_of_all():
    prior = LIKINGS.prior(np.random.default_rng(1), 4_000)
    mean = np.zeros(LIKINGS.width)
    mean[LIKINGS.block("dearness")] = -1
    assert np.abs((prior.mean(axis=0) - mean) / SD).max() < 0.05
    assert prior.var(axis=0) == pytest.approx(GROUP_SHARE * SD**2, rel=0.12)


def test_dear_things_are_disliked_by_nearly_everybody(demo):
    assert (demo.world.before.likings[:, LIKINGS.block("dearness")] < 0).mean() > 0.9
