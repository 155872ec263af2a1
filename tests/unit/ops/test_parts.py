from dataclasses import replace

import numpy as np
import pyarrow as pa

from winnow.data.shop.shop_spec import spec_of
from winnow.data.shop.simulate import simulate
from winnow.ops import parts
from winnow.ops.parts import availability, filters_of, index_examples
from winnow.training.interactions import interactions_of


def test_an_item_is_allowed_unless_its_shop_says_otherwise():
    shop = simulate(spec_of("tiny", {"users": 20, "items": 40, "days": 2}))
    assert availability(shop).tolist() == [True] * 40
    told = pa.chunked_array([[True, None] * 10, [False, False, True, True] * 5], pa.bool_())
    stocked = replace(
        shop, schema=replace(shop.schema, available="in_stock"), items=shop.items.append_column("in_stock", told)
    )
    assert availability(stocked).tolist() == [True, True] * 10 + [False, False, True, True] * 5


def test_what_requests_filter_by_are_the_raw_values_of_the_item_table():
    shop = simulate(spec_of("tiny", {"users": 20, "items": 40, "days": 2}))
    prices, categories = (shop.items[name].to_pylist() for name in ("price", "category"))
    filters = filters_of(shop)
    assert list(filters) == ["category", "style", "made_for", "price"]
    assert filters["price"].fitting({"max": 20}).tolist() == [each is not None and each <= 20 for each in prices]
    assert filters["category"].fitting([categories[0]]).tolist() == [each == categories[0] for each in categories]


def test_an_index_is_tuned_for_those_who_are_known_and_for_newcomers_alike(monkeypatch):
    monkeypatch.setattr(parts, "INDEX_QUERIES", 20)
    shop = simulate(spec_of("tiny", {"users": 60, "items": 40, "days": 4}))
    made = interactions_of(shop.events, shop.items, shop.schema)
    chosen = index_examples(made)
    known = made.history_end > made.history_start
    assert (known[chosen].sum(), (~known)[chosen].sum(), len(set(chosen.tolist()))) == (10, 10, 20)
    for kind in (known, ~known):
        assert set(chosen[kind[chosen]].tolist()) == set(
            sorted(np.flatnonzero(kind), key=lambda row: made.at[row])[-10:]
        )
