"""A simulated shop with its days, its impressions in rows, and what the truth says of each."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from winnow.data.shop.calibration import Strength, calibrated
from winnow.data.shop.click_model import DayModel, Occasion, occasion_place
from winnow.data.shop.day_log import DAY_S, Columns, DayLog, day_log, joined
from winnow.data.shop.logged_sessions import last_clicks, remembered
from winnow.data.shop.outcomes import CART, CLICK, PURCHASE
from winnow.data.shop.shop_spec import ShopSpec
from winnow.data.shop.world import World, make_world


@dataclass(frozen=True, kw_only=True)
class Simulated:
    world: World
    strength: Strength
    logs: list[DayLog]

    @classmethod
    def of(cls, spec: ShopSpec, strength: Strength | None = None) -> "Simulated":
        world = make_world(spec)
        strength = strength or calibrated(world)
        return cls(world=world, strength=strength, logs=[day_log(world, strength, day) for day in range(spec.days)])

    @cached_property
    def impressions(self) -> Columns:
        """All days, with the true `user` of anonymous visits, `known`, `day`, `clicked` and the last `clicks`."""
        rows = joined([log.impressions for log in self.logs])
        visitors = joined([log.visitors for log in self.logs])
        order = np.argsort(visitors["session"])
        place = np.searchsorted(visitors["session"][order], rows["session"]).clip(max=len(order) - 1)
        known = rows["user"] >= 0
        clicked = np.isin(rows["type"], (CLICK, CART, PURCHASE))
        return rows | {
            "known": known,
            "user": np.where(known, rows["user"], visitors["user"][order][place]).astype(np.int64),
            "day": (rows["at"] // DAY_S).astype(np.int64),
            "clicked": clicked,
            "clicks": last_clicks(rows["session"], rows["page_number"], rows["position"], rows["item"], clicked),
        }

    def models(self, scale: dict[str, float] | None = None) -> list[DayModel]:
        return [
            DayModel(self.world, day, scale or self.strength.scale, self.strength.bias)
            for day in range(self.world.spec.days)
        ]

    def logit(self) -> np.ndarray:
        """Of each impression, if looked at."""
        return self._by_day(lambda model, *moment: model.logit(*moment), self.models())

    def part(self, name: str, scale: float) -> np.ndarray:
        """Of each impression, what an effect adds to the log-odds when it is multiplied with `scale`."""
        models = self.models(dict.fromkeys(self.world.spec.effects, scale))
        return self._by_day(lambda model, *moment: model.parts(*moment)[name], models)

    def _by_day(self, told, models) -> np.ndarray:
        rows = self.impressions
        values = np.empty(len(rows["at"]))
        styles, colours = remembered(rows["clicks"], self.world.items)
        hour = (rows["at"] % DAY_S // 3600).astype(np.int64)
        place = occasion_place(rows["device"], hour, rows["day"] % 7)
        for day, model in enumerate(models):
            mine = np.flatnonzero(rows["day"] == day)
            occasion = Occasion(place=place[mine], styles=styles[mine], colours=colours[mine])
            values[mine] = told(model, rows["user"][mine], rows["item"][mine].astype(np.int64), occasion)
        return values
