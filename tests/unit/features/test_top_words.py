"""The word that comes most often, against a slow loop."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from winnow.features.top_words import top_words
from winnow.schema.column import offsets_of

AGES = st.sampled_from([-1.0, 0.0, 1.0, 2.0, 3.5, 4.0, 100.0])
EVENTS = st.lists(st.tuples(st.integers(-1, 3), AGES), max_size=9)


def loop(events, over_s):
    counts, latest = {}, {}
    for place, (word, age) in enumerate(events):
        if word >= 0 and 0 < age <= over_s:
            counts[word] = counts.get(word, 0) + 1
            latest[word] = place
    return max(counts, key=lambda word: (counts[word], latest[word]), default=-1)


@given(st.lists(EVENTS.map(lambda each: sorted(each, key=lambda event: -event[1])), max_size=5), AGES)
def test_the_top_words_are_those_of_a_loop(batch, over_s):
    flat = [event for events in batch for event in events]
    words, ages = np.array([word for word, _ in flat], np.int64), np.array([age for _, age in flat], np.float64)
    offsets = offsets_of(np.array([len(events) for events in batch], np.int64))
    assert top_words(words, ages, offsets, over_s).tolist() == [loop(events, over_s) for events in batch]


def test_ties_go_to_the_word_that_came_last_and_the_oldest_age_still_counts():
    words, ages = np.array([1, 0, 0, 1, 2]), np.array([5.0, 4.0, 3.0, 2.0, 1.0])
    assert top_words(words, ages, np.array([0, 5]), 5.0).tolist() == [1]
    assert top_words(words, ages, np.array([0, 5]), 4.9).tolist() == [0]
    assert top_words(words, ages, np.array([0, 5]), 0.5).tolist() == [-1]
