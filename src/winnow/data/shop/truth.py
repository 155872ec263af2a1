"""The truth of a simulated shop, kept in a folder of its own, beside the data and never part of it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from winnow.data.arrow_compute import pc
from winnow.data.dataset import USER
from winnow.data.shop.calibration import Strength
from winnow.data.shop.click_model import DayModel, Occasion, occasion_place, probability
from winnow.data.shop.day_log import DAY_S
from winnow.data.shop.effects import Effects
from winnow.data.shop.lexicon import DEVICES
from winnow.data.shop.logged_sessions import remembered
from winnow.data.shop.moments import FIRST_WEEKDAY, WEEKDAYS
from winnow.data.shop.shop_spec import Drift, ShopSpec
from winnow.data.shop.tables import OPENING, SESSION, item_ids, user_ids
from winnow.data.shop.world import World, make_world
from winnow.data.visitors import visitor_ids
from winnow.schema.column import Array
from winnow.schema.errors import DataError

FOLDER, TRUTH_FILE, VISITORS_FILE = "truth", "truth.json", "visitors.parquet"
SIMULATOR_VERSION = 3
"""Raised whenever the same spec gives another shop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What nobody in the shop can know.

    Attributes:
        world: items, people and moments as they are.
        strength: of the effects.
        visitors: name of an anonymous visitor -> row of the user who it was; of logged visits only.
    """

    world: World
    strength: Strength
    visitors: Mapping[str, int]

    @classmethod
    def open(cls, shop: Path) -> "Truth":
        """The truth of a shop that `winnow data simulate` wrote; the world is drawn again from its seed.

        Raises:
            DataError: the folder holds no truth, or that of another version of the simulator.
        """
        file = shop / FOLDER / TRUTH_FILE
        if not file.is_file():
            raise DataError(f"{shop} holds no {FOLDER}/{TRUTH_FILE}; only a simulated shop has a known truth.")
        told = json.loads(file.read_text(encoding="utf-8"))
        if told["simulator_version"] != SIMULATOR_VERSION:
            raise DataError(
                f"{shop} was made by version {told['simulator_version']} of the simulator and this is version "
                f"{SIMULATOR_VERSION}, which draws another world. Simulate the shop again."
            )
        table = pq.read_table(shop / FOLDER / VISITORS_FILE)
        names = visitor_ids(pa.nulls(table.num_rows, pa.string()), table[SESSION]).to_pylist()
        world = make_world(_spec(told["spec"]))
        rows = rows_of(table[USER], user_ids(len(world.before)))
        strength = Strength(scale=told["scale"], bias=told["bias"])
        return cls(world=world, strength=strength, visitors=dict(zip(names, rows.tolist(), strict=True)))

    def user_rows(self, names: pa.Array) -> Array:
        """int64 [N], rows of users by their ids, and of anonymous visitors by those of their sessions; -1: unknown."""
        rows = rows_of(names, user_ids(len(self.world.before)))
        return np.array(
            [self.visitors.get(name, row) for name, row in zip(names.to_pylist(), rows.tolist(), strict=True)]
        )

    def item_rows(self, names: pa.Array) -> Array:
        """int64 [N], -1: unknown."""
        return rows_of(names, item_ids(len(self.world.items)))

    def click_logit(self, users: Array, items: Array, at: Array, devices: Array, clicks: Array) -> Array:
        """float32 [N], log-odds that a user clicks an item that is looked at.

        Args:
            users: int64 [N], rows.
            items: int64 [N], rows.
            at: float64 [N], UTC seconds.
            devices: int [N], positions in DEVICES.
            clicks: int64 [N, 3], item rows of the last clicks of the visit, -1 where there are fewer.
        """
        return self.logit_of(None, users, items, at, devices, clicks)

    def click_probability(self, users: Array, items: Array, at: Array, devices: Array, clicks: Array) -> Array:
        """float32 [N], the chance that a user clicks an item that is looked at; arguments as of `click_logit`."""
        return probability(self.click_logit(users, items, at, devices, clicks))

    def logit_of(
        self, likings: Array | None, users: Array, items: Array, at: Array, devices: Array, clicks: Array
    ) -> Array:
        """The same for people with other likings, float32 [U, F]; None: their true ones."""
        logit = np.empty(len(items), np.float32)
        styles, colours = remembered(clicks, self.world.items)
        for day, rows in self.by_day(at):
            model = self.day_model(day, likings)
            occasion = Occasion(place=self.place(at[rows], devices[rows]), styles=styles[rows], colours=colours[rows])
            logit[rows] = model.logit(users[rows], items[rows], occasion)
        return logit

    def day_model(self, day: int, likings: Array | None = None) -> DayModel:
        """The click model of a day."""
        return DayModel(self.world, day, self.strength.scale, self.strength.bias, likings)

    def by_day(self, at: Array) -> Iterator[tuple[int, Array]]:
        """Days from 0 within the shop's time, and the rows that belong to each."""
        day = np.clip((at - OPENING) // DAY_S, 0, self.world.spec.days - 1).astype(np.int64)
        for each in np.unique(day).tolist():
            yield each, np.flatnonzero(day == each)

    @staticmethod
    def place(at: Array, devices: Array) -> Array:
        """int64 [N], the occasion of instants (UTC seconds) and devices."""
        since = at - OPENING
        weekday = (since // DAY_S + FIRST_WEEKDAY).astype(np.int64) % WEEKDAYS
        return occasion_place(devices, (since % DAY_S // 3600).astype(np.int64), weekday)


def device_codes(names: pa.Array) -> Array:
    """int64 [N], positions in DEVICES; unknown ones count as the most usual."""
    return np.maximum(rows_of(names, pa.array(DEVICES)), 0)


def rows_of(names: pa.Array | pa.ChunkedArray, known: pa.Array) -> Array:
    """int64 [N], positions of the names among the known ones; -1: none."""
    places = pc.index_in(names.cast(pa.string()), known.cast(pa.string()))
    return places.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)


def truth_to_dict(spec: ShopSpec, strength: Strength) -> dict[str, Any]:
    """Plain values, for JSON."""
    content = asdict(spec)
    content["effects"] = {"removed": sorted(spec.effects.removed)}
    scale = {name: float(value) for name, value in strength.scale.items()}
    return {"simulator_version": SIMULATOR_VERSION, "spec": content, "scale": scale, "bias": float(strength.bias)}


def _spec(content: dict[str, Any]) -> ShopSpec:
    drift = content["drift"] and Drift(**content["drift"])
    return ShopSpec(**{**content, "effects": Effects(removed=frozenset(content["effects"]["removed"])), "drift": drift})
