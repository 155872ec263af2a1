"""Context that holds the answer."""

import numpy as np
import pytest

from tests.unit.evaluation.leaks.planting import cut_in_time, random_shop, with_column
from winnow.data.dataset import ITEM
from winnow.evaluation.leaks.feature_codes import FeatureCodes
from winnow.evaluation.leaks.named_items import named_items, share_named
from winnow.schema.feature import Entity, Kind


@pytest.mark.parametrize("seed", range(4))
def test_the_share_is_that_of_a_slow_loop(seed: int) -> None:
    draw = np.random.default_rng(seed)
    users, codes = draw.integers(20, size=600), draw.integers(12, size=600)
    items = np.where(draw.random(600) < 0.6, codes % 7, draw.integers(7, size=600))
    right = total = 0
    for row in range(600):
        others = [items[o] for o in range(600) if codes[o] == codes[row] and users[o] % 2 != users[row] % 2]
        if codes[row] and others:
            counts = np.bincount(others)
            total += 1
            right += items[row] == np.flatnonzero(counts == counts.max())[-1]
    feature = FeatureCodes(name="x", entity=Entity.CONTEXT, codes=codes, values=tuple(map(str, range(12))))
    assert share_named(feature, users, items) == pytest.approx(right / total)


def test_a_page_that_is_the_item_is_a_leak_with_its_rows() -> None:
    shop = random_shop(0)
    pages = [f"/p/{item}" for item in shop.events[ITEM].to_pylist()]
    found = named_items(cut_in_time(with_column(shop, Entity.CONTEXT, "page", pages, Kind.CATEGORY)))
    assert found.severity == "leak"
    assert "'page' names the item of 100.0% of its events" in found.sentence
    assert found.evidence[0]["page"] == f"/p/{found.evidence[0][ITEM]}"


def test_a_price_that_is_the_items_own_is_a_leak_even_where_most_have_none() -> None:
    shop = random_shop(0, events=2_000)
    paid = [float(item[1:]) + 0.5 if row % 5 == 0 else None for row, item in enumerate(shop.events[ITEM].to_pylist())]
    found = named_items(cut_in_time(with_column(shop, Entity.CONTEXT, "paid", paid, Kind.NUMBER)))
    assert found.severity == "leak"


def test_device_and_session_pass() -> None:
    shop = random_shop(0)
    devices = np.random.default_rng(0).choice(["phone", "desk"], 400)
    shop = with_column(shop, Entity.CONTEXT, "device", devices, Kind.CATEGORY)
    sessions = [f"{row['user_id']} {row['item_id']}" for row in shop.events.to_pylist()]
    found = named_items(cut_in_time(with_column(shop, Entity.CONTEXT, "session", sessions, Kind.ID)))
    assert found.severity == "none"
    assert found.sentence.startswith("2 context features at ")
    assert "'device' names the item of" in found.sentence, "no other user has the session"


def test_a_shop_with_no_context_passes() -> None:
    assert named_items(cut_in_time(random_shop(0))).severity == "none"
