import numpy as np
import pytest

from winnow.data.shop.day_log import DAY_S
from winnow.data.shop.exposure import category_pull
from winnow.data.shop.lexicon import DEVICES
from winnow.data.shop.moments import HOURS
from winnow.data.shop.visits import (
    ANONYMOUS_SHARE,
    BUSY_HOURS,
    INTENT_STRENGTH,
    LONGEST_S,
    MINUTES_APART,
    OWN_DEVICE_SHARE,
    PAGES,
    draw_visits,
    intent_probability,
)

SIGMAS, DAY = 4.5, 5


@pytest.fixture(scope="module")
def crowd(demo):
    """Every user ten times, so that most are dropped as too close to one before."""
    users = np.arange(0, 3_000, 2)
    return draw_visits(demo.world, DAY, users, np.full(len(users), 10), np.random.default_rng(1))


@pytest.fixture(scope="module")
def singles(demo):
    """Every user once."""
    return draw_visits(demo.world, DAY, np.arange(3_000), np.ones(3_000, int), np.random.default_rng(2))


@pytest.fixture(scope="module")
def sessions(demo):
    """First and last instant of every logged session, its user, and the rows that it begins with."""
    rows = demo.impressions
    order = np.lexsort((rows["at"], rows["session"]))
    session = rows["session"][order]
    first = np.flatnonzero(np.diff(session, prepend=-1))
    last = np.append(first[1:], len(session)) - 1
    return {
        "session": session[first],
        "user": rows["user"][order][first],
        "known": rows["known"][order][first],
        "from": rows["at"][order][first],
        "to": rows["at"][order][last],
    }


def test_visits_of_a_user_begin_more_than_an_hour_apart(crowd):
    order = np.lexsort((crowd.second, crowd.user))
    same = np.diff(crowd.user[order]) == 0
    assert same.sum() > 3_000
    assert np.diff(crowd.second[order])[same].min() > MINUTES_APART * 60
    assert set(crowd.user.tolist()) == set(range(0, 3_000, 2))


def test_nobody_who_comes_once_is_dropped(singles):
    assert sorted(singles.user.tolist()) == list(range(3_000))


def test_visits_of_a_user_do_not_overlap_not_even_at_midnight(sessions):
    order = np.lexsort((sessions["from"], sessions["user"]))
    same = np.diff(sessions["user"][order]) == 0
    apart = (sessions["from"][order][1:] - sessions["to"][order][:-1])[same]
    assert apart.min() > 0
    midnight = np.diff(sessions["from"][order] // DAY_S)[same] == 1
    assert midnight.sum() > 1_000


def test_a_visit_ends_in_the_hour_in_which_it_began(sessions, demo):
    assert np.array_equal(sessions["from"] // 3600, sessions["to"] // 3600)
    assert (sessions["to"] - sessions["from"]).max() < LONGEST_S
    clicks = np.concatenate([log.events["at"][log.events["type"] == 2] for log in demo.logs])
    session = np.concatenate([log.events["session"][log.events["type"] == 2] for log in demo.logs])
    place = np.searchsorted(sessions["session"], session)
    assert np.array_equal(clicks // 3600, sessions["from"][place] // 3600)


def test_a_session_is_one_visit_of_one_user_on_one_device_and_known_or_not(demo):
    rows = demo.impressions
    order = np.argsort(rows["session"], kind="stable")
    same = np.diff(rows["session"][order]) == 0
    for name in ("user", "device", "known", "day"):
        assert (np.diff(rows[name][order].astype(int))[same] == 0).all()


def test_nobody_comes_before_joining_and_late_users_do_come(sessions, demo):
    joins = demo.world.before.joins[sessions["user"]]
    assert (sessions["from"] // DAY_S >= joins).all()
    assert (joins > 0).sum() > 300


def test_one_visit_in_seven_is_anonymous(sessions):
    n = len(sessions["known"])
    error = (ANONYMOUS_SHARE * (1 - ANONYMOUS_SHARE) / n) ** 0.5
    assert error < 0.003
    assert (~sessions["known"]).mean() == pytest.approx(ANONYMOUS_SHARE, abs=SIGMAS * error)


def test_who_comes_more_often_has_more_sessions_and_few_are_lost_for_being_too_close(sessions, demo):
    people, days = demo.world.before, demo.world.spec.days
    visits = np.bincount(sessions["user"], minlength=len(people))
    wanted = demo.world.spec.visits * people.activity * (days - people.joins)
    assert 0.93 < visits.sum() / wanted.sum() < 1
    usual = (wanted > 5) & (wanted < 20)
    assert (visits[usual] / wanted[usual]).mean() == pytest.approx(0.97, abs=0.03)


def test_the_visits_with_the_most_pages_come_first_and_pages_are_as_frequent_as_stated(crowd):
    assert (np.diff(crowd.pages) <= 0).all()
    share = np.bincount(crowd.pages, minlength=6)[1:] / len(crowd)
    assert np.abs(share - PAGES).max() < SIGMAS * 0.5 / len(crowd) ** 0.5


def test_most_come_on_their_own_device(singles, demo):
    own = singles.device == demo.world.before.device[singles.user]
    wanted = OWN_DEVICE_SHARE + (1 - OWN_DEVICE_SHARE) / len(DEVICES)
    assert own.mean() == pytest.approx(wanted, abs=SIGMAS * (wanted * (1 - wanted) / 3_000) ** 0.5)


def test_every_device_has_its_busy_hours(demo):
    draw, once = np.random.default_rng(3), np.ones(3_000, int)
    crowds = [draw_visits(demo.world, DAY, np.arange(3_000), once, draw) for _ in range(10)]
    for device in range(len(DEVICES)):
        begins = np.concatenate([crowd.second[crowd.device == device] for crowd in crowds])
        hours = np.bincount((begins // 3600).astype(int), minlength=HOURS)
        wanted = BUSY_HOURS[device] / BUSY_HOURS[device].sum()
        error = (wanted * (1 - wanted) * hours.sum()) ** 0.5
        assert (np.abs(hours - wanted * hours.sum()) < SIGMAS * error).all()
        assert (begins % 3600).max() < 3600 - LONGEST_S


def test_the_place_of_a_visit_is_its_device_hour_and_weekday(singles):
    hour, weekday = (singles.second // 3600).astype(int), DAY % 7
    assert np.array_equal(singles.place, (singles.device.astype(int) * HOURS + hour) * 7 + weekday)


def test_intent_is_a_choice_by_liking_and_by_what_the_shop_offers(demo):
    likings = demo.world.before.likings[:5]
    chance, pull = intent_probability(demo.world, likings), category_pull(demo.world.items)
    for user in range(5):
        wish = [pull[each] * np.exp(INTENT_STRENGTH * float(likings[user, each])) for each in range(20)]
        assert chance[user] == pytest.approx(np.array(wish) / sum(wish), rel=1e-5)


def test_visitors_come_for_what_their_likings_say(singles, demo):
    chance = intent_probability(demo.world, demo.world.before.likings)
    counts = np.bincount(singles.intent, minlength=20)
    error = (chance * (1 - chance)).sum(axis=0) ** 0.5
    assert (np.abs(counts - chance.sum(axis=0)) < SIGMAS * error).all()
    mine = chance[singles.user, singles.intent].mean()
    assert mine == pytest.approx((chance**2).sum(axis=1).mean(), abs=0.03)
    assert mine > 0.2


def test_nobody_may_come_at_all(demo):
    nobody = draw_visits(demo.world, DAY, np.arange(5), np.zeros(5, int), np.random.default_rng(4))
    assert len(nobody) == 0
