"""How much chance decides is up to the request, within limits, and what is logged of it is true."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.pipeline.tables import candidates_of, items, requests_of
from winnow.pipeline.cap import Cap
from winnow.pipeline.capped_selector import CappedSelector
from winnow.pipeline.requests import Requests
from winnow.pipeline.selectors import COLDEST, GumbelSelector, ScoreSelector

SCORES = [0.0, 1.0, 1.5, -1.0]
DRAWS = 20_000


def asking(explore: list[float], k: int = 4) -> Requests:
    requests = requests_of([""] * len(explore), k=k, seeds=range(100, 100 + len(explore)))
    return replace(requests, explore=np.array(explore))


def shop(batch: int):
    size = len(SCORES)
    return candidates_of([range(size)] * batch, score=SCORES * batch, seen=[False] * size * batch)


def test_each_request_of_a_batch_is_drawn_at_its_own_temperature():
    explore = [0.0, np.nan, 0.5, 2.0]
    together = GumbelSelector(temperature=0.7, limits=(0.0, 1.0)).select(asking(explore), shop(4))
    for place, temperature in enumerate([0.0, 0.7, 0.5, 1.0]):
        alone = replace(asking(explore).take(np.array([place])), explore=None)
        expected = GumbelSelector(temperature=temperature).select(alone, shop(1))
        own = slice(4 * place, 4 * place + 4)
        assert (together.rows[own] - 4 * place).tolist() == expected.rows.tolist()
        assert together.propensities[own].tolist() == expected.propensities.tolist()


@pytest.mark.parametrize("cold", [0.0, COLDEST / 2, 5e-324])
def test_without_any_heat_the_best_scores_come_first_for_certain(cold):
    drawn = GumbelSelector().select(asking([cold]), shop(1))
    assert drawn.rows.tolist() == ScoreSelector().select(asking([cold]), shop(1)).rows.tolist()
    assert (drawn.propensities == 1).all()


@pytest.mark.parametrize("temperature", [0.3, 1.0, 3.0])
def test_how_often_an_item_comes_first_is_the_propensity_that_is_told(temperature):
    selection = GumbelSelector(limits=(0.0, 3.0)).select(asking([temperature] * DRAWS, k=1), shop(DRAWS))
    picked = selection.rows - len(SCORES) * np.arange(DRAWS)
    shares = np.bincount(picked, minlength=len(SCORES)) / DRAWS
    for item in set(picked.tolist()):
        (told,) = {float(each) for each in selection.propensities[picked == item]}
        assert abs(shares[item] - told) < 4 * np.sqrt(told / DRAWS)


def test_caps_leave_each_request_its_temperature():
    capped = CappedSelector(selector=GumbelSelector(), caps=(Cap(values=np.array([0, 0, 1, 1]), most=1),))
    selection = capped.select(asking([0.0, 0.0], k=2), shop(2))
    chosen = shop(2).take(selection.rows, selection.offsets)
    assert items(chosen) == [[2, 1], [2, 1]]


@given(st.integers(0, 2**64 - 1), st.sets(st.integers(0, 9), min_size=1))
def test_an_item_that_comes_or_goes_changes_nobody_elses_luck(seed, gone):
    items = [item for item in range(10) if item not in gone]
    requests = requests_of([""], k=[10], seeds=[seed])
    of_all, of_some = (
        candidates_of([rows], score=np.zeros(len(rows)), seen=[False] * len(rows)) for rows in (list(range(10)), items)
    )
    drawn, again = (each.item_rows[GumbelSelector().select(requests, each).rows] for each in (of_all, of_some))
    assert [each for each in drawn.tolist() if each not in gone] == again.tolist()
