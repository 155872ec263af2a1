"""Single features against the positives."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from tests.unit.evaluation.leaks.planting import cut_in_time, random_shop, with_column
from winnow.data.dataset import TYPE, Dataset
from winnow.evaluation.leaks.feature_codes import FeatureCodes
from winnow.evaluation.leaks.told_apart import crossed_auc, told_apart, weighted_auc
from winnow.metrics.binary import auc
from winnow.schema.feature import Entity, Kind


def are_clicks(shop: Dataset) -> np.ndarray:
    return np.array([each == "click" for each in shop.events[TYPE].to_pylist()])


@pytest.fixture
def shop() -> Dataset:
    return random_shop(0, events=4_000)


def test_the_auc_of_counts_is_that_of_rows() -> None:
    draw = np.random.default_rng(0)
    scores, yes, no = draw.integers(5, size=8) / 4, draw.integers(6, size=8), draw.integers(6, size=8)
    labels = np.concatenate([np.repeat(1, yes.sum()), np.repeat(0, no.sum())])
    rows = np.concatenate([np.repeat(scores, yes), np.repeat(scores, no)])
    assert weighted_auc(scores, yes, no) == pytest.approx(auc(labels, rows))


@pytest.mark.parametrize("entity", [Entity.CONTEXT, Entity.USER])
def test_each_half_of_the_users_is_judged_by_the_other(entity: Entity) -> None:
    draw = np.random.default_rng(1)
    users, codes = draw.integers(30, size=2_000), draw.integers(6, size=2_000)
    positive = draw.random(2_000) < codes / 8
    counted = (codes > 0) | (entity is Entity.CONTEXT)
    figures = []
    for half in (0, 1):
        judge, judged = counted & (users % 2 != half), counted & (users % 2 == half)
        mean = positive[judge].mean()
        rate = {c: (positive[judge & (codes == c)].sum() + mean) / ((judge & (codes == c)).sum() + 1) for c in range(6)}
        figures.append(auc(positive[judged], np.array([rate[code] for code in codes[judged].tolist()])))
    feature = FeatureCodes(name="x", entity=entity, codes=codes, values=tuple("012345"))
    assert crossed_auc(feature, users, positive) == pytest.approx(np.mean(figures))


def test_an_honest_feature_passes_and_is_named(shop: Dataset) -> None:
    device = np.random.default_rng(2).choice(["phone", "desk"], 4_000)
    found = told_apart(cut_in_time(with_column(shop, Entity.CONTEXT, "device", device, Kind.CATEGORY)))
    assert found.severity == "none"
    assert "1 of 1 features had enough" in found.sentence
    assert "'device' of the context" in found.sentence


def test_a_value_that_only_positives_have_is_a_leak_with_its_counts(shop: Dataset) -> None:
    paid = [float(row % 90) if click else None for row, click in enumerate(are_clicks(shop))]
    events = cut_in_time(with_column(shop, Entity.CONTEXT, "paid", paid, Kind.NUMBER))
    found = told_apart(events)
    assert found.severity == "leak"
    assert "'paid' of the context tells positives from others best, with an AUC of 1.000" in found.sentence
    assert found.evidence[0] == {"paid": "missing", "positives": 0, "others": int((~events.train.positive).sum())}


def test_one_word_in_fifty_wrong_is_a_leak_still_and_one_in_ten_is_none(shop: Dataset) -> None:
    draw = np.random.default_rng(3)
    for wrong, severity in ((0.01, "leak"), (0.1, "none")):
        words = np.where(are_clicks(shop) ^ (draw.random(4_000) < wrong), "yes", "no")
        found = told_apart(cut_in_time(with_column(shop, Entity.CONTEXT, "done", words, Kind.CATEGORY)))
        assert found.severity == severity, found.sentence


def test_a_feature_of_items_or_users_can_tell_as_well(shop: Dataset) -> None:
    lasts = {name: f"i{row}" for row, name in enumerate(["click", "cart", "purchase"])}
    events = shop.events.set_column(1, "item_id", pa.array([lasts[each] for each in shop.events[TYPE].to_pylist()]))
    shop = with_column(replace(shop, events=events), Entity.ITEM, "sold", [0.0, 1, 2, 3, 4, 5, 6, 7, 8], Kind.NUMBER)
    found = told_apart(cut_in_time(shop))
    assert found.severity == "leak"
    assert "'sold' of the item" in found.sentence


def test_a_session_tells_nothing_however_it_ends(shop: Dataset) -> None:
    users = shop.events["user_id"].to_pylist()
    sessions = [f"{user} {click}" for user, click in zip(users, are_clicks(shop), strict=True)]
    found = told_apart(cut_in_time(with_column(shop, Entity.CONTEXT, "session", sessions, Kind.ID)))
    assert found.severity == "none"
    assert "AUC of 0.500" in found.sentence


def test_few_rows_are_not_judged() -> None:
    shop = random_shop(0, events=200)
    words = np.where(are_clicks(shop), "yes", "no")
    found = told_apart(cut_in_time(with_column(shop, Entity.CONTEXT, "done", words, Kind.CATEGORY)))
    assert found.severity == "none"
    assert found.sentence.startswith("0 of 1 features had enough")


def test_where_all_events_are_positive_there_is_nothing_to_tell(shop: Dataset) -> None:
    clicks = shop.events.filter(pa.array(are_clicks(shop)))
    found = told_apart(cut_in_time(replace(shop, events=clicks)))
    assert found.severity == "none"
    assert "events are positive: nothing to tell" in found.sentence
