"""What users like, where it was planted."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from tests.unit.training.planted_tastes import DIRECTIONS, WIDTH, PlantedTastes, log_posterior, planted_tastes
from winnow.features.feature_arrays import FeatureArrays
from winnow.features.taste_space import fit_taste_space
from winnow.schema.errors import RecipeError
from winnow.training.progress import silent
from winnow.training.tastes import Tastes, TastesConfig, how_users_differ, independent, likings_of
from winnow.training.told import Shown, Told, _evidence
from winnow.training.visit_kinds import VisitKinds

FEW, MANY = 6, 400
USERS = 120
"""Half of them were shown little, the others much; the last one nothing."""


@cache
def planted() -> PlantedTastes:
    return planted_tastes(np.array([FEW, MANY] * (USERS // 2) + [0]), spread=(1.5, 1.0))


@cache
def learned() -> np.ndarray:
    covariance = how_users_differ(planted().told, TastesConfig(), silent)
    return found_of(planted().told, covariance, USERS + 1)


def found_of(told: Told, covariance: np.ndarray, num_users: int) -> np.ndarray:
    """float64 [num_users, G], the most likely likings of users by what was planted, whatever they are told in."""
    root, _ = independent(told, covariance)
    return likings_of(told, root, num_users, silent) @ root.T


def along(covariance: np.ndarray) -> np.ndarray:
    """Variances along the directions."""
    return np.einsum("df,fg,dg->d", DIRECTIONS, covariance, DIRECTIONS)


def test_likings_are_found():
    found, likings = learned() @ DIRECTIONS.T, planted().likings @ DIRECTIONS.T
    for direction in range(2):
        assert np.corrcoef(found[1:-1:2, direction], likings[1:-1:2, direction])[0, 1] > 0.9
    assert np.abs(found[:, 2:]).max() < 0.4 < np.abs(found[:, :2]).max() / 3


def test_who_was_shown_little_is_thought_to_be_like_the_others():
    sizes, likings = np.linalg.norm(learned(), axis=1), np.linalg.norm(planted().likings, axis=1)
    assert sizes[1:-1:2].mean() == pytest.approx(likings[1:-1:2].mean(), rel=0.15)
    assert sizes[:-1:2].mean() < 0.6 * likings[:-1:2].mean()
    assert sizes[:-1].all()


def test_of_who_was_shown_nothing_nothing_is_known():
    assert not learned()[-1].any()


@pytest.mark.parametrize("user", [0, 1, 2, 3])
def test_likings_are_the_most_likely_ones(user):
    covariance = np.cov(planted().likings.T) + 0.1 * np.eye(WIDTH)
    found = found_of(planted().told, covariance, USERS + 1)[user]
    assert np.linalg.norm(found) > 0.1
    here, step = log_posterior(planted(), covariance, user, found), 1e-3
    for direction in np.eye(WIDTH):
        ahead, behind = (log_posterior(planted(), covariance, user, found + way * direction) for way in (step, -step))
        slope, bend = (ahead - behind) / (2 * step), (ahead - 2 * here + behind) / step**2
        assert bend < 0
        assert abs(slope / bend) < 2e-3  # how far away the top is


def evidence(liking: np.ndarray, clicked: bool | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Of user 0; in an own world if told what came of everything."""
    shown = planted().shown
    rows = next(shown.each())
    shown = shown if clicked is None else replace(shown, clicked=np.full(len(shown.users), clicked))
    return _evidence(planted().items.astype(np.float64), shown, rows, liking)


@pytest.mark.parametrize("seed", range(3))
def test_the_slope_is_that_of_the_likelihood_of_looks_and_clicks(seed):
    liking = np.random.default_rng(seed).normal(size=WIDTH)
    flat, step = 1e12 * np.eye(WIDTH), 1e-5
    for place, direction in enumerate(np.eye(WIDTH)):
        ahead, behind = (log_posterior(planted(), flat, 0, liking + way * direction) for way in (step, -step))
        assert evidence(liking)[0][place] == pytest.approx((ahead - behind) / (2 * step), rel=1e-4, abs=1e-6)


def test_the_information_is_the_expected_square_of_slopes():
    liking = np.random.default_rng(0).normal(size=WIDTH)
    shown, wanted = planted().shown, np.zeros((WIDTH, WIDTH))
    for row in range(FEW):
        about = planted().items[shown.items[row]].astype(np.float64)
        chance = 1 / (1 + np.exp(-(shown.logits[row] + about @ liking)))
        click = shown.looked[row] * chance
        for how_often, slope in ((click, 1 - chance), (1 - click, -click * (1 - chance) / (1 - click))):
            wanted += how_often * np.outer(slope * about, slope * about)
    np.testing.assert_allclose(evidence(liking)[1], wanted, rtol=1e-6)


def test_no_click_where_few_look_says_less():
    shown, rows = planted().shown, next(planted().shown.each())
    none = replace(shown, clicked=np.zeros(len(shown.users), bool))
    said = [
        _evidence(planted().items, replace(none, looked=np.full(len(none.users), looked)), rows, np.zeros(WIDTH))
        for looked in (1.0, 0.1)
    ]
    (much, known), (little, less) = said
    assert np.linalg.norm(little) < 0.2 * np.linalg.norm(much)
    assert np.trace(less) < 0.2 * np.trace(known)


@pytest.mark.parametrize("logit", [60.0, -900.0])
def test_what_was_all_but_sure_says_something_finite(logit):
    for clicked in (True, False):
        shown = Shown(
            users=np.zeros(3, np.int64),
            items=np.arange(3),
            clicked=np.full(3, clicked),
            logits=np.full(3, logit),
            looked=np.ones(3),
        )
        assert np.isfinite(found_of(replace(planted().told, shown=shown), np.eye(WIDTH), 1)).all()


@pytest.mark.parametrize("shown", [150, 600, 3_000])
def test_users_differ_in_what_was_planted(shown):
    made = planted_tastes(np.full(100, shown))
    variances = along(how_users_differ(made.told, TastesConfig(), silent))
    wanted = along(np.cov(made.likings.T))[0]
    assert variances[0] == pytest.approx(wanted, rel=0.3)
    assert variances[1:].max() < variances[0] / 4


@pytest.mark.parametrize("shown", [150, 600, 3_000])
def test_another_round_changes_little(shown):
    made = planted_tastes(np.full(60, shown))
    sixteen, more = (how_users_differ(made.told, TastesConfig(rounds=rounds), silent) for rounds in (16, 17))
    np.testing.assert_allclose(along(more), along(sixteen), rtol=0.1)


def test_a_longer_stride_is_sooner_where_it_goes_to():
    made = planted_tastes(np.full(60, 20))
    end = along(how_users_differ(made.told, TastesConfig(rounds=100, stride=1.0), silent))
    left = [
        np.abs(along(how_users_differ(made.told, TastesConfig(rounds=8, stride=stride), silent)) - end)
        for stride in (1.0, 4.0)
    ]
    assert left[1].sum() < 0.5 * left[0].sum()


def test_how_users_differ_is_learned_from_those_who_were_shown_most():
    config = TastesConfig(users=USERS // 2, rounds=4)
    shown = planted().shown
    many = shown.users % 2 == 1
    only = Shown(**{name: getattr(shown, name)[many] for name in ("users", "items", "clicked", "logits", "looked")})
    some = how_users_differ(planted().told, config, silent)
    np.testing.assert_allclose(
        some, how_users_differ(replace(planted().told, shown=only), config, silent), rtol=1e-9, atol=1e-12
    )
    everybody = how_users_differ(planted().told, TastesConfig(rounds=4), silent)
    assert not np.allclose(some, everybody)


def test_where_nobody_is_known_nothing_is_liked():
    none = planted_tastes(np.zeros(3, np.int64))
    covariance = how_users_differ(none.told, TastesConfig(), silent)
    assert np.isfinite(covariance).all()
    assert not found_of(none.told, covariance, 3).any()


def test_the_impressions_of_users_stand_side_by_side():
    none = np.empty(5)
    shown = Shown(users=np.array([0, 0, 3, 3, 4]), items=none, clicked=none, logits=none, looked=none)
    assert list(shown.each()) == [slice(0, 2), slice(2, 4), slice(4, 5)]


def test_numbers_are_independent_among_users_and_in_what_choices_say():
    told, _ = choosing(30)
    spread = np.random.default_rng(0).normal(size=(2 * WIDTH, 2 * WIDTH))
    covariance = spread @ spread.T
    root, known = independent(told, covariance)
    np.testing.assert_allclose(root @ root.T, covariance, rtol=1e-9, atol=1e-9)
    shown = told.shown.items
    said = known.items @ told.items[shown, :WIDTH].T + known.kinds[:, told.kinds_of[shown, 0]]
    np.testing.assert_allclose(said.mean(axis=1), known.mean, rtol=1e-3, atol=1e-4)
    np.testing.assert_allclose(np.cov(said, bias=True), np.diag(known.told), atol=1e-3 * known.told.max())
    whom = np.random.default_rng(1).normal(size=(3, 2 * WIDTH))
    np.testing.assert_allclose(known.tastes(whom), (whom @ root.T)[:, :WIDTH], rtol=1e-4, atol=1e-5)


def test_tastes_are_what_of_an_item_a_user_likes():
    told, _ = choosing(30)
    items = FeatureArrays(codes=np.empty((3, 0), np.int32), values=np.eye(3, dtype=np.float32), vectors={})
    _, likings = independent(told, np.eye(2 * WIDTH))
    tastes = Tastes(
        space=fit_taste_space(items, (), np.ones(3, np.int64), 4),
        likings=likings,
        items=np.array([[1, 2], [3, 4], [5, 6]], np.float32),
        users=np.array([[1, 0], [0.5, 2], [0, 0]], np.float32),
    )
    assert tastes(np.array([0, 1, 2, 0]), np.array([2, 1, 0, 0])).tolist() == [5, 9.5, 0, 1]


def test_of_those_of_whom_something_is_known_it_is_told():
    told, _ = choosing(30)
    _, likings = independent(told, np.eye(2 * WIDTH))
    items = FeatureArrays(codes=np.empty((3, 0), np.int32), values=np.eye(3, dtype=np.float32), vectors={})
    tastes = Tastes(
        space=fit_taste_space(items, (), np.ones(3, np.int64), 4),
        likings=likings,
        items=np.empty((0, 2), np.float32),
        users=np.array([[1, 0], [0, 0], [0.5, 2], [0, 0]], np.float32),
    )
    known = tastes.known(["ann", "bob", "cid"])
    assert (list(known.user_ids), known.vectors.tolist()) == (["ann", "cid"], [[1, 0], [0.5, 2]])


def test_progress_is_told():
    told = []
    made = planted_tastes(np.full(3, 4))
    tell = lambda what, done, of: told.append((what, done, of))  # noqa: E731
    root, _ = independent(made.told, how_users_differ(made.told, TastesConfig(rounds=2), tell))
    likings_of(made.told, root, 3, tell)
    assert told[:2] == [("Learning how users differ", done, 2) for done in (1, 2)]
    assert told[2:] == [("Learning what users like", done, 3) for done in (1, 2, 3)]


@pytest.mark.parametrize("name", ["width", "rounds", "users", "stride"])
@pytest.mark.parametrize("wrong", [0, -1, float("inf"), "many"])
def test_numbers_that_cannot_be_are_refused(name, wrong):
    with pytest.raises(RecipeError, match=f"tastes has {name}"):
        TastesConfig(**{name: wrong})


def choosing(per_user: int, visits_each: int = 12) -> tuple[Told, np.ndarray]:
    """Users who come for what they like: the kind of an item is what it has most of, and wishes are twice as strong.

    Returns: what 200 of them tell, and their likings of the kinds.
    """
    draw, made = np.random.default_rng(1), planted_tastes(np.full(200, per_user), spread=(1.5, 1.0, 1.0, 1.0, 1.0))
    codes = made.items.argmax(axis=1).astype(np.int32)[:, None]
    visits = VisitKinds(
        columns=np.zeros(1, np.int64),
        starts=np.array([0, WIDTH]),
        visits=np.zeros((200, WIDTH), np.float32),
        usual=np.full(WIDTH, -np.log(WIDTH), np.float32),
    )
    wish = np.exp(2 * made.likings)
    for user, chance in enumerate(wish / wish.sum(axis=1, keepdims=True)):
        visits.visits[user] = draw.multinomial(visits_each, chance)
    return Told.of(made.items, codes, made.shown, visits), made.likings


def test_what_users_come_for_tells_what_they_like():
    def likeness(told: Told, likings: np.ndarray) -> float:
        """Mean correlation of likings with those that are found."""
        covariance = how_users_differ(told, TastesConfig(), silent)
        found = found_of(told, covariance, 200)[:, :WIDTH]
        return float(np.mean([np.corrcoef(found[:, place], likings[:, place])[0, 1] for place in range(WIDTH)]))

    told, likings = choosing(30)
    silenced = replace(told, visits=replace(told.visits, visits=np.zeros((200, WIDTH), np.float32)))
    assert likeness(told, likings) > likeness(silenced, likings) + 0.1


def test_what_users_like_tells_what_they_come_for():
    told, likings = choosing(400)
    covariance = how_users_differ(told, TastesConfig(), silent)
    newly = replace(told, visits=replace(told.visits, visits=np.zeros((200, WIDTH), np.float32)))
    root, known = independent(told, covariance)
    wishes = known.intents(likings_of(newly, root, 200, silent))
    true = np.exp(2 * likings)
    true = np.log(true / true.sum(axis=1, keepdims=True))
    assert np.corrcoef(wishes.ravel(), true.ravel())[0, 1] > 0.8


def test_many_visits_for_one_thing_are_no_certainty():
    told, _ = choosing(30)
    visits = np.zeros((200, WIDTH), np.float32)
    visits[:, 2] = 100_000
    likings = found_of(replace(told, visits=replace(told.visits, visits=visits)), np.eye(2 * WIDTH), 200)
    assert np.isfinite(likings).all()
    assert ((likings @ told.kinds.T).argmax(axis=1) == 2).all()
