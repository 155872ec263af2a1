import numpy as np

from winnow.training.last_unbeaten import last_unbeaten


def test_the_last_one_stays_where_earlier_ones_are_better_by_noise_only():
    noise = np.random.default_rng(0).normal(size=(3, 50))
    losses = [noise[0] - noise[0].mean() - 0.1, noise[1] - noise[1].mean() - 0.05, noise[2] - noise[2].mean()]
    assert losses[0].mean() < losses[2].mean()
    assert last_unbeaten(losses) == 2


def test_one_that_is_worse_in_every_row_gives_way_to_the_last_that_is_not():
    base = np.linspace(0.0, 1.0, 50)
    assert last_unbeaten([base, base - 0.1, base - 0.1, base + 0.1]) == 2


def test_equal_ones_do_not_beat_each_other_and_of_one_row_nobody_knows():
    assert last_unbeaten([np.ones(9)] * 3) == 2
    assert last_unbeaten([np.zeros(1), np.ones(1)]) == 1
