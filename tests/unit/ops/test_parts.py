from dataclasses import replace

import pyarrow as pa

from winnow.data.shop.shop_spec import spec_of
from winnow.data.shop.simulate import simulate
from winnow.ops.parts import availability


def test_an_item_is_allowed_unless_its_shop_says_otherwise():
    shop = simulate(spec_of("tiny", {"users": 20, "items": 40, "days": 2}))
    assert availability(shop).tolist() == [True] * 40
    told = pa.chunked_array([[True, None] * 10, [False, False, True, True] * 5], pa.bool_())
    stocked = replace(
        shop, schema=replace(shop.schema, available="in_stock"), items=shop.items.append_column("in_stock", told)
    )
    assert availability(stocked).tolist() == [True, True] * 10 + [False, False, True, True] * 5
