from dataclasses import replace

import pyarrow as pa

from winnow.data.shop.shop_spec import spec_of
from winnow.data.shop.simulate import simulate
from winnow.ops.parts import availability, filters_of


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
