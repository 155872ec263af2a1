"""What EASE makes of weights and histories."""

import numpy as np
import pytest
from scipy import sparse

from winnow.evaluation import ease
from winnow.evaluation.ease import Ease
from winnow.evaluation.ease_penalty import ease_penalty
from winnow.evaluation.ease_weights import ease_weights
from winnow.evaluation.interactions import Interactions

USERS, ITEMS = 40, 30


def interactions(seed: int, events: int, items: int = ITEMS) -> Interactions:
    random = np.random.default_rng(seed)
    return Interactions(
        users=random.integers(USERS, size=events),
        items=random.integers(items, size=events) + 2,
        at=np.arange(events, dtype=np.float64),
        num_users=USERS,
        num_items=ITEMS + 4,
    )


def binary(events: Interactions) -> np.ndarray:
    table = np.zeros((events.num_users, events.num_items))
    table[events.users, events.items] = 1
    return table


def test_scores_are_weights_of_what_one_had_and_a_count_of_repeats() -> None:
    training, history = interactions(0, 600), interactions(1, 300)
    model = Ease.fit(training, history)
    assert model.penalty == ease_penalty(training)
    counts = np.zeros((USERS, ITEMS + 4))
    np.add.at(counts, (history.users, history.items), 1)
    trained = sparse.csr_array(binary(training)[:, model.items].astype(np.float32))
    expected = counts.copy()
    expected[:, model.items] += (counts[:, model.items] > 0) @ ease_weights(trained, model.penalty)
    np.testing.assert_allclose(model.scores(np.array([3, 0])), expected[[3, 0]], rtol=1e-5, atol=1e-6)


def test_items_that_training_does_not_know_tell_nothing_and_are_only_repeated() -> None:
    training, history = interactions(0, 300, items=10), interactions(1, 300)
    model = Ease.fit(training, history)
    assert model.weights.shape == (10, 10)
    scores = model.scores(np.arange(USERS))
    unknown = np.r_[0, 1, 12 : ITEMS + 4]
    np.testing.assert_array_equal(scores[:, unknown], history.counts().toarray()[:, unknown])


def test_a_user_without_a_history_gets_zeros() -> None:
    training = interactions(0, 300)
    nothing = training.before(np.full(USERS, -np.inf))
    assert not Ease.fit(training, nothing).scores(np.arange(USERS)).any()


def test_the_matrix_is_made_for_so_many_items_of_training(monkeypatch: pytest.MonkeyPatch) -> None:
    training = interactions(0, 600)
    monkeypatch.setattr(ease, "MOST_ITEMS", ITEMS)
    assert ease.fits_in_memory(training)
    monkeypatch.setattr(ease, "MOST_ITEMS", ITEMS - 1)
    assert not ease.fits_in_memory(training)
