from dataclasses import fields, replace

import numpy as np
import pytest

from winnow.data.shop.likings import FACTOR_SHARE, GROUP_SHARE, LIKINGS
from winnow.data.shop.people import AGE_LIMITS, GROUPS, LATE_SHARE, NO_AGE_SHARE, People, drifted, make_people
from winnow.data.shop.shop_spec import Drift, ShopSpec

SPEC = ShopSpec(users=40_000, items=40, days=20, visits=1)
SD = np.concatenate([np.full(block.width, block.sd) for block in LIKINGS])


@pytest.fixture(scope="module")
def people() -> People:
    return make_people(SPEC)


def near(share, wanted):
    return share == pytest.approx(wanted, abs=4.5 * (wanted * (1 - wanted) / SPEC.users) ** 0.5)


def test_the_group_is_told_by_age_and_gender(people):
    told = np.isfinite(people.age)
    wanted = [2 * sum(age >= limit for limit in AGE_LIMITS) for age in people.age[told].tolist()] + people.gender[told]
    assert np.array_equal(people.group[told], wanted)
    assert np.array_equal(people.group % 2, people.gender)
    assert set(people.group[~told].tolist()) == set(range(GROUPS))
    assert near((~told).mean(), NO_AGE_SHARE)
    assert people.age[told].min() >= 16
    assert people.age[told].max() <= 90


def test_variance_of_likings_is_that_of_group_hidden_factors_and_ones_own(people):
    around = people.likings - people.prior[people.group]
    wanted = people.loadings.T.astype(float) @ people.loadings + np.diag(people.own_sd.astype(float) ** 2)
    seen = around.T.astype(float) @ around / len(people)
    scale = np.outer(SD, SD)
    assert np.abs((seen - wanted) / scale).max() < 0.03
    assert np.diag(seen) / SD**2 == pytest.approx(np.full(len(SD), 1 - GROUP_SHARE), rel=0.04)
    assert np.abs(wanted - np.diag(np.diag(wanted))).max() > 0.3 * FACTOR_SHARE * scale.max()


def test_some_join_late_and_most_are_there_from_the_first_day(people):
    late = people.joins > 0
    assert near(late.mean(), LATE_SHARE)
    assert people.joins[late].min() == 8
    assert people.joins.max() == SPEC.days - 1
    assert np.bincount(people.joins[late])[8:].min() > 0.7 * late.sum() / 12


def test_people_come_once_on_average_and_some_far_more_often(people):
    assert people.activity.mean() == pytest.approx(1, abs=0.02)
    assert np.log(people.activity).std() == pytest.approx(0.6, abs=0.01)


def test_most_prefer_their_mobile_phone(people):
    for device, share in enumerate((0.6, 0.3, 0.1)):
        assert near((people.device == device).mean(), share)


def test_people_depend_on_the_seed_and_on_nothing_else_than_their_number(people):
    again, other = make_people(SPEC), make_people(replace(SPEC, seed=1))
    assert all(
        np.array_equal(getattr(people, each.name), getattr(again, each.name), equal_nan=each.name == "age")
        for each in fields(People)
    )
    assert not np.array_equal(people.likings, other.likings)


def test_drift_draws_a_share_of_likings_anew_within_the_same_group(people):
    after = drifted(people, Drift(day=4, users=0.3, mobile=0.2), SPEC.seed)
    changed = (after.likings != people.likings).any(axis=1)
    assert near(changed.mean(), 0.3)
    around = after.likings[changed] - people.prior[people.group[changed]]
    assert around.var(axis=0) / SD**2 == pytest.approx(np.full(len(SD), 1 - GROUP_SHARE), rel=0.06)
    before = people.likings[changed] - people.prior[people.group[changed]]
    alike = [np.corrcoef(before[:, each], around[:, each])[0, 1] for each in range(LIKINGS.width)]
    assert np.abs(alike).max() < 4.5 / changed.sum() ** 0.5


def test_drift_takes_a_share_of_people_to_their_mobile_phone(people):
    after = drifted(people, Drift(day=4, users=0.3, mobile=0.2), SPEC.seed)
    changed = after.device != people.device
    assert (after.device[changed] == 0).all()
    assert changed.sum() / (people.device != 0).sum() == pytest.approx(0.2, abs=0.015)


def test_a_drift_of_nobody_changes_nobody(people):
    after = drifted(people, Drift(day=4, users=0, mobile=0), SPEC.seed)
    assert np.array_equal(after.likings, people.likings)
    assert np.array_equal(after.device, people.device)
    assert (drifted(people, Drift(day=4, users=1, mobile=1), SPEC.seed).device == 0).all()


def test_drift_leaves_everything_else_about_people_as_it_is(people):
    after = drifted(people, Drift(day=4), SPEC.seed)
    for name in ("gender", "group", "prior", "loadings", "own_sd", "activity", "joins"):
        assert getattr(after, name) is getattr(people, name)
