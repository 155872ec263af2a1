"""What is counted while the days of a shop stream by."""

from dataclasses import dataclass, fields

import numpy as np

from winnow.data.shop.day_log import DAY_S, Columns, DayLog
from winnow.data.shop.exposure import PAGE_SIZE
from winnow.data.shop.lexicon import CATEGORIES, DEVICES
from winnow.data.shop.moments import HOURS
from winnow.data.shop.outcomes import CART, CLICK, OUTCOMES, PURCHASE
from winnow.data.shop.world import World
from winnow.schema.column import Array, Bools

COLD = ("all", "new items", "new users", "anonymous")
"""Which clicks of the last quarter are counted."""
DELAYS_PER_OCTAVE, SHORTEST_OCTAVE, LONGEST_OCTAVE = 16, -14, 9
"""Delays are counted in steps of 4 %, from 5 seconds to 512 days; a day is where a step begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Counts over days: as many numbers as the shop is large, however many events it has seen.

    Attributes:
        events: int64 [outcomes], by type.
        shown, clicked: int64 [devices, HOURS, PAGE_SIZE], logged impressions, and those that were clicked;
            hours are UTC.
        visits: int64 [2], logged visits of known and of anonymous visitors.
        visitor_clicks: int64 [2], clicks of known and of anonymous visitors.
        item_clicks: int64 [I].
        daily: int64 [days, categories], clicks.
        clicking: bool [U], which users have a click under their own name.
        cold: int64 [4], clicks of the last quarter of the days, see COLD.
        delays: int64, logged purchases by the time since the item was shown.
    """

    events: Array
    shown: Array
    clicked: Array
    visits: Array
    visitor_clicks: Array
    item_clicks: Array
    daily: Array
    clicking: Bools
    cold: Array
    delays: Array

    def __add__(self, other: "Tally") -> "Tally":
        """Both together."""
        return Tally(**{each.name: getattr(self, each.name) + getattr(other, each.name) for each in fields(self)})

    def add(self, day: int, log: DayLog, world: World) -> "Tally":
        """This and one day more, as a new tally.

        Args:
            day: from 0.
            log: of that day.
            world: of the shop.
        """
        return self + day_tally(day, log, world)

    @property
    def clicks(self) -> int:
        """Of all days."""
        return int(self.events[CLICK])

    @property
    def impressions(self) -> int:
        """Logged ones, of all days."""
        return int(self.shown.sum())

    @property
    def gini(self) -> float:
        """Inequality of clicks over items: 0 all alike, near 1 a few only; NaN without clicks.

        Source:
            Gini, Variabilità e mutabilità, 1912.
        """
        clicks, number = np.sort(self.item_clicks), len(self.item_clicks)
        weights = 2 * np.arange(1, number + 1) - number - 1
        return float(weights @ clicks / (number * clicks.sum())) if clicks.any() else float("nan")

    @property
    def purchases_after_a_day(self) -> float:
        """Share of the logged purchases that came a day or more after the item was shown; NaN without purchases."""
        late = self.delays[-SHORTEST_OCTAVE * DELAYS_PER_OCTAVE :].sum()
        return float(late / self.delays.sum()) if self.delays.any() else float("nan")

    def delay_s(self, share: float) -> float:
        """Seconds within which this share of the logged purchases came, to 4 %; NaN without purchases."""
        if not self.delays.any():
            return float("nan")
        step = int(np.searchsorted(np.cumsum(self.delays), share * self.delays.sum())) + 1
        return float(DAY_S * 2.0 ** (SHORTEST_OCTAVE + step / DELAYS_PER_OCTAVE))


def first_day_of_last_quarter(days: int) -> int:
    """From 0; at least the last day belongs to the last quarter."""
    return days - max(1, days // 4)


def empty_tally(world: World) -> Tally:
    """Before the first day."""
    nothing = {each: np.empty(0, np.int64) for each in ("user", "session", "item", "type", "at", "device")}
    impressions = {**nothing, "page_number": nothing["item"], "position": nothing["item"], "outcome_at": nothing["at"]}
    visitors = {"session": nothing["session"], "user": nothing["user"]}
    return day_tally(0, DayLog(events=nothing, impressions=impressions, visitors=visitors), world)


def day_tally(day: int, log: DayLog, world: World) -> Tally:
    """The tally of one day alone; those of several days can be added in any order."""
    clicks = log.events["type"] == CLICK
    user, item = log.events["user"][clicks], log.events["item"][clicks]
    by_item = np.bincount(item, minlength=len(world.items))
    daily = np.zeros((world.spec.days, len(CATEGORIES)), np.int64)
    daily[day] = np.add.reduceat(by_item, world.items.spans[:-1])
    clicking = np.zeros(world.spec.users + 1, np.bool_)
    clicking[user] = True  # anonymous visitors, -1, fall on the last place, which is cut off
    shown, clicked = _impressions(log.impressions)
    anonymous = int((user < 0).sum())
    return Tally(
        events=np.bincount(log.events["type"], minlength=len(OUTCOMES)),
        shown=shown,
        clicked=clicked,
        visits=_visits(log),
        visitor_clicks=np.array([len(user) - anonymous, anonymous]),
        item_clicks=by_item,
        daily=daily,
        clicking=clicking[:-1],
        cold=_cold(day, user, by_item, world),
        delays=_delays(log.impressions),
    )


def _impressions(rows: Columns) -> tuple[Array, Array]:
    """int64 [devices, HOURS, PAGE_SIZE], shown and clicked."""
    shape = (len(DEVICES), HOURS, PAGE_SIZE)
    hour = (rows["at"] % DAY_S // 3600).astype(np.int64)
    place = (rows["device"].astype(np.int64) * HOURS + hour) * PAGE_SIZE + rows["position"] - 1
    was_clicked = np.isin(rows["type"], (CLICK, CART, PURCHASE))
    counts = (np.bincount(each, minlength=int(np.prod(shape))) for each in (place, place[was_clicked]))
    shown, clicked = (each.reshape(shape) for each in counts)
    return shown, clicked


def _visits(log: DayLog) -> Array:
    """Every visit has one first slot of a first page, and that is never empty."""
    opening = (log.impressions["page_number"] == 0) & (log.impressions["position"] == 1)
    anonymous = int((log.impressions["user"][opening] < 0).sum())
    return np.array([int(opening.sum()) - anonymous, anonymous])


def _cold(day: int, user: Array, by_item: Array, world: World) -> Array:
    since = first_day_of_last_quarter(world.spec.days)
    if day < since:
        return np.zeros(len(COLD), np.int64)
    known = user[user >= 0]
    new_items = by_item[world.items.arrives >= since].sum()
    new_users = (world.people(day).joins[known] >= since).sum()
    return np.array([len(user), new_items, new_users, len(user) - len(known)])


def _delays(rows: Columns) -> Array:
    bought = rows["type"] == PURCHASE
    octave = np.log2((rows["outcome_at"][bought] - rows["at"][bought]) / DAY_S)
    step = np.floor((octave - SHORTEST_OCTAVE) * DELAYS_PER_OCTAVE).astype(np.int64)
    number = (LONGEST_OCTAVE - SHORTEST_OCTAVE) * DELAYS_PER_OCTAVE
    return np.bincount(np.clip(step, 0, number - 1), minlength=number)
