import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.pipeline.tables import candidates_of, items, lists, requests_of
from winnow.pipeline.selectors import GumbelSelector, ScoreSelector

SCORES = st.one_of(st.integers(-3, 3).map(float), st.sampled_from([math.nan, math.inf, -math.inf]))
CANDIDATES = st.lists(st.tuples(SCORES, st.booleans()), max_size=5)


def scored(batch):
    """Candidates numbered from the back, so that ties by item row are not ties by position."""
    flat = [each for row in batch for each in row]
    return candidates_of(
        [list(range(len(row)))[::-1] for row in batch],
        score=[score for score, _ in flat],
        seen=[seen for _, seen in flat],
    )


def picked(selector, batch, k, seeds=None):
    candidates = scored(batch)
    selection = selector.select(requests_of([""] * len(batch), k=k, seeds=seeds), candidates)
    chosen = candidates.take(selection.rows, selection.offsets)
    return chosen, lists(selection.propensities, selection.offsets)


def best_first(row):
    """(position, score, seen) by unseen first, then descending score with NaN last, then item row."""
    numbered = [(len(row) - 1 - position, score, seen) for position, (score, seen) in enumerate(row)]
    worth = {item: (True, 0.0) if math.isnan(score) else (False, -score) for item, score, _ in numbered}
    return sorted(numbered, key=lambda each: (each[2], worth[each[0]], each[0]))


@given(st.lists(st.tuples(CANDIDATES, st.integers(0, 6)), max_size=3))
def test_the_best_scores_come_first_as_in_a_slow_sort(batch):
    rows, k = [row for row, _ in batch], [k for _, k in batch]
    chosen, propensities = picked(ScoreSelector(), rows, k)
    expected = [[item for item, _, _ in best_first(row)[:most]] for row, most in zip(rows, k, strict=True)]
    assert items(chosen) == expected
    assert propensities == [[1.0] * len(row) for row in expected]


def slow_propensities(row, chosen):
    """Each pick's weight over the weights of all of its tier that were not picked before; 1 for what is not finite."""
    score_of = {item: score for item, score, _ in best_first(row)}
    seen_of = {item: seen for item, _, seen in best_first(row)}
    left, found = set(score_of), []
    for item in chosen:
        racing = [score_of[each] for each in left if seen_of[each] == seen_of[item] and math.isfinite(score_of[each])]
        weight = [math.exp(score - max(racing)) for score in racing] if racing else []
        fair = math.isfinite(score_of[item])
        found.append(math.exp(score_of[item] - max(racing)) / math.fsum(weight) if fair else 1.0)
        left.remove(item)
    return found


@given(st.lists(st.tuples(CANDIDATES, st.integers(0, 6), st.integers(0, 2**64 - 1)), max_size=3))
def test_propensities_are_plackett_luce_and_the_seen_come_last(batch):
    rows, k, seeds = [[each[part] for each in batch] for part in range(3)]
    chosen, propensities = picked(GumbelSelector(), rows, k, seeds)
    for row, most, found, given_ in zip(rows, k, items(chosen), propensities, strict=True):
        assert len(set(found)) == len(found) == min(most, len(row))
        seen = [row[len(row) - 1 - int(item)][1] for item in found]
        assert seen == sorted(seen)
        np.testing.assert_allclose(given_, slow_propensities(row, found), rtol=1e-6)


def test_what_is_left_by_a_strong_pick_keeps_its_odds():
    chosen, propensities = picked(GumbelSelector(), [[(0.0, False), (0.0, False), (80.0, False)]], 3)
    assert items(chosen)[0][0] == 0
    assert propensities == [[1.0, 0.5, 1.0]], "1 + e-80 is 1, and yet the second pick is one of two"


def test_scores_that_are_not_finite_stand_at_the_ends_in_a_fixed_order():
    row = [(math.nan, False), (-math.inf, False), (math.inf, False), (1.0, False), (0.0, False)]
    for seed in range(20):
        chosen, propensities = picked(GumbelSelector(), [row], 5, [seed])
        found = items(chosen)[0]
        assert (found[0], found[3:]) == (2, [3, 4])
        assert [propensities[0][place] for place in (0, 3, 4)] == [1.0, 1.0, 1.0]


def test_the_same_seed_gives_the_same_answer_alone_and_in_a_batch():
    row = [(float(score), False) for score in range(50)]
    together, _ = picked(GumbelSelector(), [row] * 3, 10, [5, 6, 5])
    alone, _ = picked(GumbelSelector(), [row], 10, [5])
    first, other, again = items(together)
    assert first == again == items(alone)[0]
    assert first != other


def first_and_second_picks(temperature, draws=20_000):
    scores = np.array([0.0, 1.0, 2.0])
    row = [(score, False) for score in scores[::-1]]
    chosen, _ = picked(GumbelSelector(temperature=temperature), [row] * draws, 2, range(draws))
    weights = np.exp(scores / temperature)
    return chosen.item_rows.reshape(draws, 2), weights / weights.sum()


def assert_frequencies(found, expected):
    """Within four standard errors, for each outcome."""
    frequencies = np.bincount(found, minlength=len(expected)) / len(found)
    error = np.sqrt(expected * (1 - expected) / len(found))
    assert (np.abs(frequencies - expected) <= 4 * error).all(), (frequencies, expected)


def test_first_picks_are_as_frequent_as_the_softmax_of_scores_over_temperature():
    for temperature in (0.5, 1.0, 3.0):
        picks, softmax = first_and_second_picks(temperature)
        assert_frequencies(picks[:, 0], softmax)


def test_second_picks_are_as_frequent_as_their_propensities_say():
    picks, softmax = first_and_second_picks(1.0)
    after_best = picks[picks[:, 0] == 2, 1]
    assert_frequencies(after_best, np.array([softmax[0], softmax[1], 0.0]) / (softmax[0] + softmax[1]))


def test_a_small_temperature_comes_close_to_descending_score():
    row = [(float(score), False) for score in (3, 1, 2, 0)]
    chosen, propensities = picked(GumbelSelector(temperature=0.01), [row], 4)
    assert items(chosen) == items(picked(ScoreSelector(), [row], 4)[0])
    assert propensities == [[1.0] * 4]
