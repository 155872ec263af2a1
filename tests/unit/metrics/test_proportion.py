import numpy as np
import pytest

from winnow.metrics.proportion import share_interval


def test_it_is_what_wilson_says_of_a_known_case():
    # Newcombe, Statistics in Medicine 17 (1998), table I: 81 of 263 at 95 %.
    assert share_interval(81, 263, 1.959964) == pytest.approx((0.2553, 0.3662), abs=5e-5)


def test_it_ends_where_the_true_share_would_be_so_many_errors_away():
    for hits, trials in ((0, 50), (3, 1_000), (50, 50)):
        for end in share_interval(hits, trials):
            if 0 < end < 1:
                assert abs(hits / trials - end) == pytest.approx(2.5758 * np.sqrt(end * (1 - end) / trials))


def test_of_nothing_nothing_is_known():
    assert share_interval(0, 0) == (0.0, 1.0)


def test_it_holds_the_true_share_as_often_as_it_says():
    hits = np.random.default_rng(0).binomial(2_000, 0.01, size=4_000).tolist()
    outside = sum(not low <= 0.01 <= high for low, high in (share_interval(each, 2_000) for each in hits))
    assert 0.003 < outside / 4_000 < 0.02
