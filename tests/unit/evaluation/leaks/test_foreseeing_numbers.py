"""Numbers that know of the test time."""

import numpy as np
import pytest
from scipy import stats

from tests.unit.evaluation.leaks.planting import cut_in_time, random_shop, with_column
from winnow.data.dataset import ITEM, USER, Dataset
from winnow.evaluation.leaks.foreseeing_numbers import average_ranks, correlations, foreseeing_numbers
from winnow.schema.feature import Entity, Kind

SIZE = 120


@pytest.fixture
def shop() -> Dataset:
    return random_shop(0, events=5_000, users=SIZE, items=SIZE)


def counts(events, key: str, names: list[str]) -> np.ndarray:
    had = events.table[key].to_pylist()
    return np.array([had.count(name) for name in names], float)


def test_ranks_are_scipys() -> None:
    values = np.random.default_rng(0).integers(10, size=50)
    np.testing.assert_array_equal(average_ranks(values), stats.rankdata(values))


def test_correlations_are_scipys_and_what_is_left_is_that_of_residuals() -> None:
    draw = np.random.default_rng(0)
    before = draw.poisson(8, 200).astype(float)
    after, numbers = before + draw.poisson(5, 200), before * 2 + draw.normal(0, 3, 200)
    found = correlations(numbers, before, after)
    assert found["before"] == pytest.approx(stats.spearmanr(numbers, before).statistic)
    assert found["after"] == pytest.approx(stats.spearmanr(numbers, after).statistic)
    x, y, held = (stats.rankdata(each) for each in (numbers, after, before))
    rest = [each - np.polyval(np.polyfit(held, each, 1), held) for each in (x, y)]
    assert found["beyond"] == pytest.approx(np.corrcoef(*rest)[0, 1])


def test_what_does_not_vary_or_follows_from_the_past_has_nothing_left() -> None:
    before = np.arange(60.0)
    assert correlations(np.ones(60), before, before[::-1])["beyond"] == 0
    assert correlations(before * 3, before, np.random.default_rng(0).random(60))["beyond"] == 0


@pytest.mark.parametrize(("entity", "key"), [(Entity.ITEM, ITEM), (Entity.USER, USER)])
def test_a_count_to_the_end_is_a_leak_and_one_to_the_cut_is_not(shop: Dataset, entity: Entity, key: str) -> None:
    names = (shop.items if entity is Entity.ITEM else shop.users)[key].to_pylist()
    events = cut_in_time(shop)
    before, whole = counts(events.train, key, names), counts(events.both, key, names)
    for numbers, severity in ((before, "none"), (whole, "leak"), (whole - before, "leak")):
        found = foreseeing_numbers(cut_in_time(with_column(shop, entity, "sold", numbers, Kind.NUMBER)))
        assert found.severity == severity, found.sentence
    assert found.evidence[0]["feature"] == "sold"
    assert found.evidence[0]["with test events"] == 1.0


def test_a_price_passes_and_something_between_is_a_warning(shop: Dataset) -> None:
    draw = np.random.default_rng(1)
    names = shop.items[ITEM].to_pylist()
    events = cut_in_time(shop)
    after = counts(events.test, ITEM, names)
    price = foreseeing_numbers(cut_in_time(with_column(shop, Entity.ITEM, "price", draw.random(SIZE), Kind.NUMBER)))
    assert price.severity == "none"
    hint = after + draw.normal(0, after.std() * 1.6, SIZE)
    found = foreseeing_numbers(cut_in_time(with_column(shop, Entity.ITEM, "hint", hint, Kind.NUMBER)))
    assert 0.4 < float(found.evidence[0]["beyond training"] or 0) < 0.6
    assert found.severity == "warning"


def test_few_items_are_not_judged() -> None:
    shop = random_shop(0)
    found = foreseeing_numbers(cut_in_time(with_column(shop, Entity.ITEM, "sold", range(9), Kind.NUMBER)))
    assert found.severity == "none"
    assert found.sentence.startswith("0 numbers")
