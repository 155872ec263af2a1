"""Newcomers are few: what the ranker believes of them, and what it takes to change its mind."""

from dataclasses import replace
from itertools import cycle

import numpy as np
import pytest
import torch

from tests.unit.training.test_ranking import CONFIG, REQUESTS, clicks_on, drawn_rows, held_aside, planted
from winnow.models.wide import NEW, NEWCOMER, Wide
from winnow.training import ranking
from winnow.training.held_requests import HeldRequests
from winnow.training.progress import silent
from winnow.training.ranking import PARTS, Ranker, train_ranking
from winnow.training.ranking_rows import RankingRows

MEETS = 1
"""What of `match` decides."""
SHORT = replace(CONFIG, epochs=1, wide_penalty=10.0)


def choosing(every: int, known, newcomers) -> RankingRows:
    """One in `every` requests is a newcomer's; either sort clicks the candidate that its function picks by match."""
    rows = drawn_rows()
    place = np.empty(REQUESTS, np.int64)
    place[held_aside()], place[np.setdiff1d(np.arange(REQUESTS), held_aside())] = 0, 1
    is_new = np.zeros(REQUESTS, bool)
    for part in (0, 1):
        is_new[np.flatnonzero(place == part)[::every]] = True
    history, meets = rows.history_vector.copy(), rows.match[:, :, MEETS]
    history[is_new] = 0
    clicked = np.where(is_new, newcomers(meets), known(meets))
    return replace(rows, history_vector=history, query=0 * rows.query, labels=clicks_on(clicked))


def most(meets):
    return meets.argmax(axis=1)


def least(meets):
    return meets.argmin(axis=1)


def anything(meets):
    return np.zeros(len(meets), np.int64)


def trained(*planted_: object) -> tuple[Ranker, np.ndarray]:
    """The ranker, and the weights of what decides by kind of candidate."""
    found = train_ranking(planted(), choosing(*planted_), SHORT, 0, silent)
    wide = found.model if isinstance(found.model, Wide) else found.model.wide
    return found, wide.weight.detach().numpy()[:, MEETS]


def test_a_few_who_choose_as_the_others_do_are_weighed_as_the_others_among_what_is_new_to_them():
    ranker, weights = trained(40, most, most)
    assert ranker.metrics["ranker_wide_newcomers"] == 1
    assert weights[NEWCOMER] > 0.95 * weights[NEW] > 3


def test_by_themselves_these_few_would_have_said_little():
    _, weights = trained(40, anything, most)
    assert weights[NEWCOMER] < 2


def test_many_who_choose_otherwise_go_their_own_way():
    ranker, weights = trained(3, most, least)
    assert ranker.metrics["ranker_wide_newcomers"] == 1
    assert weights[NEW] > 3
    assert weights[NEWCOMER] < -3


def test_a_few_who_choose_otherwise_are_left_to_the_order_of_retrieval():
    """They are too few to turn the weights, and it shows that those of the others do them no good."""
    ranker, weights = trained(40, most, least)
    assert (ranker.metrics["ranker_wide"], ranker.metrics["ranker_wide_newcomers"]) == (1, 0)
    assert weights[NEW] > 3
    assert weights[NEWCOMER] == 0


HALF = 10
BEFORE = np.ones((2, 2 * HALF), np.float32)
NOISE = np.tile([0.4, -0.35], HALF // 2)
CHANGES = {"better": NOISE / 10 + 0.5, "no worse": NOISE, "worse": -NOISE}
"""How much likelier clicks become, and in tenths how much higher they move."""


@pytest.mark.parametrize(
    ("known", "newcomers", "alike", "apart"),
    [
        ("better", "better", (1, 1), (1, 1)),
        ("better", "no worse", (1, 1), (1, 0)),
        ("better", "worse", (1, 0), (1, 0)),
        ("no worse", "better", (0, 1), (0, 1)),
        ("no worse", "no worse", (0, 0), (0, 0)),
        ("worse", "no worse", (0, 0), (0, 0)),
        ("better", None, (1, 0), (1, 0)),
    ],
)
def test_plain_weights_for_newcomers_need_not_prove_better_where_those_of_the_others_do(
    monkeypatch, known, newcomers, alike, apart
):
    """But the deep part, which learns newcomers by themselves, has to."""
    likelier = np.concatenate([CHANGES[known], CHANGES[newcomers] if newcomers else np.empty(0)])
    before = BEFORE[:, : len(likelier)]

    class Told(HeldRequests):
        """What later requests say, before and after either part is trained."""

        answers = cycle([before, before - np.stack([likelier, -likelier / 10])])

        def judged(self, _: object) -> np.ndarray:
            return next(self.answers)

        def newcomers(self) -> np.ndarray:
            return np.arange(len(likelier)) >= HALF

        def measured(self, _: object) -> dict[str, float]:
            return {}

    monkeypatch.setattr(ranking, "HeldRequests", Told)
    found, weights = trained(3, most, most)
    assert found.metrics == dict(zip(PARTS, (*alike, *apart), strict=True))
    assert (weights[:NEWCOMER] != 0).all() == bool(alike[0])
    assert (weights[NEWCOMER] != 0) == bool(alike[1])
    if not isinstance(found.model, Wide):
        used = found.model.logit.weight.any(dim=1)
        assert torch.equal(used, torch.tensor(apart).bool())
