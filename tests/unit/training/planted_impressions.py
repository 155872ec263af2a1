"""Impressions in the planted shop, some a minute for days, whose clicks are drawn by what a test plants."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from tests.unit.training.planted import DEVICES, HOUR_S, ITEMS, SCHEMA, USERS, planted_dataset, user_name
from winnow.models.click_sizes import ClickSizes
from winnow.schema.column import Array
from winnow.schema.schema import Impressions
from winnow.training.click_batches import ClickBatches
from winnow.training.clicks_config import ClicksConfig
from winnow.training.impression_rows import impression_rows
from winnow.training.training_set import training_set

CONFIG = ClicksConfig(sizes=ClickSizes(dim=8, bottom=(16,), top=(16, 8)), epochs=8, batch_size=256, learning_rate=1e-2)
STEP_S, PLACES = 20.0, 4
LOOKED = np.array([1.0, 0.8, 0.6, 0.4])


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """Who was shown what, arrays [N]: users and items by number, devices by name, positions from 1; propensities."""

    users: Array
    items: Array
    devices: Array
    positions: Array
    propensities: Array | None = None


def drawn(shown: int, seed: int = 0) -> Drawn:
    draw = np.random.default_rng(seed)
    return Drawn(
        users=draw.integers(0, USERS, shown),
        items=draw.integers(0, ITEMS, shown),
        devices=draw.choice(DEVICES, shown),
        positions=draw.integers(1, PLACES + 1, shown),
    )


def planted_impressions(
    made: Drawn, chances: Callable[[Drawn], Array], until: int | None = None, schema=SCHEMA, config=CONFIG
) -> tuple[ClickBatches, Array]:
    """The batches, and the chance of each impression once it is looked at; what came of the first `until` is told."""
    chance, number = chances(made), len(made.users)
    clicked = np.random.default_rng(number).random(number) < chance * LOOKED[made.positions - 1]
    at = 30 * HOUR_S + STEP_S * np.arange(number)
    table = pa.table(
        {
            "user_id": [user_name(row) for row in made.users],
            "item_id": [f"item-{row}" for row in made.items],
            "outcome": pa.array(np.where(clicked, "click", "none")).dictionary_encode().cast(pa.string()),
            "at": at,
            "position": made.positions.astype(np.float64),
            "device": made.devices,
        }
    )
    told = Impressions(position="position")
    if made.propensities is not None:
        told, table = replace(told, propensity="propensity"), table.append_column("propensity", [made.propensities])
    dataset = replace(planted_dataset(), schema=replace(schema, impressions=told))
    data = training_set(dataset, dataset.events)
    rows = impression_rows(dataset, table, data)
    return ClickBatches.of(data, rows, config, at[0] + STEP_S * (number if until is None else until)), chance
