"""A simulated shop as a data set in memory, for tests and for a first look."""

from dataclasses import replace

import pyarrow as pa

from winnow.data.dataset import Dataset
from winnow.data.raw_tables import RawTables
from winnow.data.shop.calibration import calibrated
from winnow.data.shop.day_log import DAY_S, day_log
from winnow.data.shop.shop_schema import shop_schema
from winnow.data.shop.shop_spec import ShopSpec
from winnow.data.shop.tables import (
    OPENING,
    events_table,
    impressions_table,
    item_ids,
    items_tables,
    user_ids,
    users_table,
)
from winnow.data.shop.world import make_world
from winnow.data.shop.write_shop import in_days
from winnow.data.validation import validated


def simulate(spec: ShopSpec) -> Dataset:
    """The same rows as `write_shop` writes, for a shop that fits into memory; no pictures are drawn."""
    spec = replace(spec, drawn=False)
    world = make_world(spec)
    strength = calibrated(world)
    users, items = user_ids(spec.users), item_ids(spec.items)
    days = [*in_days(day_log(world, strength, day) for day in range(spec.days))]
    raw = RawTables(
        users=users_table(world.before),
        items=pa.concat_tables(items_tables(world)),
        events=pa.concat_tables(events_table(each, users, items) for each, _ in days),
        impressions=pa.concat_tables(impressions_table(each, users, items) for _, each in days),
    )
    source = f"simulator: {spec.users} users, {spec.items} items, {spec.days} days, seed {spec.seed}"
    return validated(raw, shop_schema(spec), source=source, now=OPENING + spec.days * DAY_S)
