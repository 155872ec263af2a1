"""What live events change in the sources of a small shop."""

from dataclasses import replace

import numpy as np

from tests.unit.pipeline.tables import items, ragged_of, requests_of
from tests.unit.serving.small_engine import counting_engine
from winnow.engine.live_demand import LiveDemand
from winnow.engine.stock import Stock
from winnow.engine.stocked_sources import counting, stocked_sources

UNTIL = 1e9
ENGINE = counting_engine(trending=np.array([8, 8, 4, 4, 2, 2, 0, 0], np.float32), until=UNTIL)
QUOTAS = {"covisited": 9, "popular": 9, "trending": 9, "category": 9, "fresh": 9}
HAD_ITEM_4 = requests_of(["u"], columns={"had": ragged_of([[4]]), "had_times": ragged_of([[1]])})
"""Even and red, as item 6 is."""


def told(weights: dict[int, float], at: float = UNTIL) -> Stock:
    stock = ENGINE.stock
    hashes = stock.catalogue.hashes[list(weights)]
    live = LiveDemand.of(stock.catalogue, (hashes, np.array(list(weights.values()), np.float64)), at)
    return replace(stock, live=live)


def proposed(stock: Stock) -> dict[str, list[int]]:
    sources = stocked_sources(stock, QUOTAS, ENGINE.categories, repeats=0)
    return {each.name: items(each.source.retrieve(HAD_ITEM_4, 9))[0] for each in sources}


def test_what_is_bought_now_comes_first_where_events_are_counted_and_nowhere_else():
    before, after = proposed(ENGINE.stock), proposed(told({6: 50}))
    for name in ("popular", "trending"):
        assert before[name].index(6) > 5
        assert after[name] == [6, *(item for item in before[name] if item != 6)]
    assert (before["covisited"], before["fresh"]) == (after["covisited"], after["fresh"])


def test_a_category_lists_what_is_bought_in_it_and_others_stay_as_they_are():
    assert 6 not in proposed(ENGINE.stock)["category"]
    assert proposed(told({6: 50}))["category"][0] == 6
    elsewhere = proposed(told({1: 50}))["category"]
    assert elsewhere == proposed(ENGINE.stock)["category"]


def test_an_item_that_somebody_has_now_was_not_had_when_neighbours_were_counted():
    stock = told({6: 0.001})
    stock = replace(stock, popularity=np.where(np.arange(8) < 6, stock.popularity, 0).astype(np.float32))
    trained = [True] * 6 + [False] * 2
    (neighbours, then), (others, now) = counting(stock)
    assert (neighbours, then.tolist()) == (("covisited",), trained)
    assert (set(others), now.tolist()) == ({"popular", "trending", "category"}, [True] * 7 + [False])
    (_, then), (_, now) = counting(replace(stock, live=None))
    assert then.tolist() == now.tolist() == trained
