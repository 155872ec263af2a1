from dataclasses import replace

import numpy as np
import pytest

from winnow.data.shop.impression_log import ImpressionLog
from winnow.data.shop.likings import LIKINGS
from winnow.data.shop.reference import Prior, _Designs, _Intents, _Looks, inferred_likings
from winnow.data.shop.shop_spec import ShopSpec
from winnow.data.shop.tables import OPENING
from winnow.data.shop.truth import Truth
from winnow.data.shop.visits import intent_probability
from winnow.data.shop.write_shop import write_shop
from winnow.metrics.binary import auc

SPEC = ShopSpec(users=220, items=300, days=24, visits=1.2, seed=4)
CUT = OPENING + 18 * 86_400
STEP = 1e-4


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shops") / "watched"
    write_shop(SPEC, folder)
    return folder


@pytest.fixture(scope="module")
def truth(folder) -> Truth:
    return Truth.open(folder)


@pytest.fixture(scope="module")
def log(folder, truth) -> ImpressionLog:
    return ImpressionLog.read(folder, truth)


@pytest.fixture(scope="module")
def visible(log) -> ImpressionLog:
    return log.take(np.flatnonzero(log.at < CUT))


@pytest.fixture(scope="module")
def inferred(truth, visible):
    return inferred_likings(truth, visible)


@pytest.fixture(scope="module")
def clicks(visible):
    """Of each user before the cut."""
    return np.bincount(visible.users[visible.known & visible.clicked], minlength=SPEC.users)


def of_user(log, user):
    return log.take(np.flatnonzero(log.known & (log.users == user)))


def numeric_slope(likelihood, change):
    """Central differences of a log-likelihood."""
    steps = np.eye(len(change)) * STEP
    return np.array([(likelihood(change + step) - likelihood(change - step)) / (2 * STEP) for step in steps])


def log_likelihood_of_looks(truth, log, likings):
    """A click comes with probability examination x sigmoid(log-odds), by the oracle's own formula; in slow float64."""
    design = _Designs(truth, log)(slice(None))
    odds = truth.logit_of(np.zeros((1, LIKINGS.width), np.float32), np.zeros(len(log), int), *moment(log))
    click = 1 / (1 + 0.12 * (log.positions - 1.0)) / (1 + np.exp(-(odds.astype(float) + design @ likings)))
    return np.where(log.clicked, np.log(click), np.log1p(-click)).sum()


def moment(log):
    return log.items, log.at, log.devices, log.clicks


def test_the_design_says_what_every_liking_adds_to_the_log_odds(truth, visible):
    log = visible.take(np.arange(400))
    design, likings = _Designs(truth, log)(slice(None)), truth.world.before.likings
    nothing = np.zeros_like(likings)
    added = truth.click_logit(log.users, *moment(log)) - truth.logit_of(nothing, log.users, *moment(log))
    assert (design * likings[log.users]).sum(axis=1) == pytest.approx(added, abs=1e-5)


@pytest.mark.parametrize("user", [3, 40])
def test_slope_and_information_of_what_was_clicked_are_those_of_its_likelihood(user, truth, visible):
    log, prior = of_user(visible, user), Prior.of(truth.world.before)
    evidence = _Looks(truth, log, prior).of(0, len(log))
    change = np.random.default_rng(user).normal(0, 0.3, LIKINGS.width)
    mean = prior.mean[user].astype(float)
    slope, information = evidence(change)
    wanted = numeric_slope(lambda each: log_likelihood_of_looks(truth, log, mean + each), change)
    assert slope == pytest.approx(wanted, abs=2e-4)
    assert np.abs(slope).max() > 0.5
    assert np.allclose(information, information.T, atol=1e-9)
    click = expected_click(truth, log, mean + change)
    design = _Designs(truth, log)(slice(None))
    score_if_clicked = design * (1 - click[1])[:, None]
    score_if_not = design * (-click[0] * (1 - click[1]) / (1 - click[0]))[:, None]
    variance = (score_if_clicked.T * click[0]) @ score_if_clicked + (score_if_not.T * (1 - click[0])) @ score_if_not
    assert information == pytest.approx(variance, abs=1e-5)


def expected_click(truth, log, likings):
    """Probability of a click, and of one if looked at."""
    p = truth.logit_of(likings[None].astype(np.float32), np.zeros(len(log), int), *moment(log)).astype(float)
    p = 1 / (1 + np.exp(-p))
    return p / (1 + 0.12 * (log.positions - 1.0)), p


@pytest.mark.parametrize("user", [3, 40])
def test_slope_and_information_of_what_was_come_for_are_those_of_its_likelihood(user, truth, visible):
    log, prior = of_user(visible, user), Prior.of(truth.world.before)
    visits = {(int(session), int(page)) for session, page in zip(log.sessions, log.pages, strict=True) if page >= 0}
    assert len(visits) > 5
    mean, change = prior.mean[user].astype(float), np.random.default_rng(1).normal(0, 0.3, LIKINGS.width)

    def likelihood(change):
        chance = intent_probability(truth.world, (mean + change)[None])[0]
        return sum(np.log(chance[page]) for _, page in visits)

    evidence = _Intents(truth, log, prior).of(user)
    slope, information = evidence(change)
    assert slope == pytest.approx(numeric_slope(likelihood, change), abs=1e-4)
    curvature = [
        -(evidence(change + step)[0] - evidence(change - step)[0]) / (2 * STEP) for step in np.eye(len(change)) * STEP
    ]
    assert information == pytest.approx(np.stack(curvature), abs=1e-3)


def test_what_is_inferred_is_where_the_posterior_is_highest(truth, visible, inferred):
    user = 40
    log, prior = of_user(visible, user), Prior.of(truth.world.before)
    change = (inferred[user] - prior.mean[user]).astype(float)
    slope = -prior.precision[prior.kind[user]] @ change
    slope += _Looks(truth, log, prior).of(0, len(log))(change)[0] + _Intents(truth, log, prior).of(user)(change)[0]
    spread = np.diag(prior.precision[prior.kind[user]]) ** 0.5
    assert np.abs(slope / spread).max() < 0.02
    assert np.abs(change).max() > 0.1


def test_before_the_first_click_people_are_what_age_and_gender_say(truth):
    people, prior = truth.world.before, Prior.of(truth.world.before)
    told = np.isfinite(people.age)
    assert np.array_equal(prior.mean[:-1][told], people.prior[people.group[told]])
    for gender in range(2):
        untold = ~told & (people.gender == gender)
        assert untold.any()
        wanted = people.prior[gender::2].mean(axis=0)
        assert np.allclose(prior.mean[:-1][untold], wanted, atol=1e-6)
        assert set(prior.kind[:-1][untold].tolist()) == {1 + gender}
    assert prior.mean[-1] == pytest.approx(people.prior.mean(axis=0), abs=1e-6)
    assert set(prior.kind[:-1][told].tolist()) == {0}


def spread(means):
    """Covariance of equally likely means, one pair of columns after the other."""
    centre = means.mean(axis=0)
    return sum(np.outer(mean - centre, mean - centre) for mean in means.astype(float)) / len(means)


def test_the_prior_is_the_spread_of_people_around_what_is_known_of_them(truth):
    people, prior = truth.world.before, Prior.of(truth.world.before)
    personal = np.diag(people.own_sd.astype(float) ** 2)
    personal += sum(np.outer(factor, factor) for factor in people.loadings.astype(float))
    group = [np.zeros_like(personal), spread(people.prior[0::2]), spread(people.prior[1::2]), spread(people.prior)]
    assert np.abs(np.linalg.inv(prior.precision) - (personal + group)).max() < 1e-5


def test_the_last_row_is_an_anonymous_visitor_of_whom_nothing_is_known(truth, inferred):
    assert inferred.shape == (SPEC.users + 1, LIKINGS.width)
    assert np.array_equal(inferred[-1], Prior.of(truth.world.before).mean[-1])


def test_who_has_not_been_seen_is_what_age_and_gender_say(truth, visible, inferred):
    unseen = np.setdiff1d(np.arange(SPEC.users), visible.users[visible.known])
    assert len(unseen) > 0
    assert np.array_equal(inferred[unseen], Prior.of(truth.world.before).mean[unseen])


def some_users(log, number=25):
    return log.take(np.flatnonzero(log.users < number))


def test_nobodys_true_likings_are_read(truth, visible, inferred):
    people = truth.world.before
    shuffled = replace(people, likings=np.random.default_rng(1).permutation(people.likings) + 1)
    world = replace(truth.world, before=shuffled, after=shuffled)
    blind = inferred_likings(replace(truth, world=world), some_users(visible))
    assert np.array_equal(blind[:25], inferred[:25])


def test_a_user_is_inferred_from_their_own_known_visits_alone(truth, visible, inferred):
    alone = inferred_likings(truth, of_user(visible, 7))
    assert alone[7] == pytest.approx(inferred[7], abs=1e-6)
    named = visible.take(np.flatnonzero(visible.known))
    assert np.array_equal(inferred_likings(truth, some_users(named))[:25], inferred[:25])


def likeness(truth, inferred, users):
    """Correlation of true and inferred likings, each column around what the group says."""
    prior = Prior.of(truth.world.before).mean[:-1][users]
    true, told = truth.world.before.likings[users] - prior, inferred[:-1][users] - prior
    return np.corrcoef(true.ravel(), told.ravel())[0, 1]


def test_the_more_somebody_clicks_the_closer_the_inferred_likings_are_to_the_true_ones(truth, inferred, clicks):
    limits = ((1, 10), (10, 30), (30, 10_000))
    few, some, many = (likeness(truth, inferred, (clicks >= low) & (clicks < high)) for low, high in limits)
    assert few + 0.03 < some < many - 0.03
    assert few > 0.5


def test_uncertain_likings_stay_near_the_group(truth, inferred, clicks):
    prior = Prior.of(truth.world.before).mean[:-1]
    moved = (inferred[:-1] - prior).std(axis=1)
    true = (truth.world.before.likings - prior).std(axis=1)
    assert moved[(clicks > 0) & (clicks < 10)].mean() < moved[clicks >= 30].mean() < true.mean()


def test_the_reference_lies_clearly_between_popularity_and_oracle(truth, log, visible, inferred, clicks):
    popular = np.bincount(visible.items[visible.clicked], minlength=SPEC.items).astype(float)
    known = log.take(np.flatnonzero((log.at >= CUT) & log.known))
    for low, high in ((1, 10), (10, 30), (30, 10_000)):
        later = known.take(np.flatnonzero((clicks[known.users] >= low) & (clicks[known.users] < high)))
        reference = auc(later.clicked, truth.logit_of(inferred, later.users, *moment(later)))
        oracle = auc(later.clicked, truth.click_logit(later.users, *moment(later)))
        assert len(later) > 1_500
        assert auc(later.clicked, popular[later.items]) + 0.1 < reference < oracle - 0.008
