"""What a day leaves behind: events, and the impressions of those users whose impressions are logged."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from winnow.data.shop.browse import Page, browse
from winnow.data.shop.calibration import Strength
from winnow.data.shop.click_model import DayModel
from winnow.data.shop.exposure import PAGE_SIZE, Exposure, examination, exposure_of
from winnow.data.shop.outcomes import CART, CLICK, DISMISS, PURCHASE, VIEW, follow_up, slot_outcome
from winnow.data.shop.seeds import stream
from winnow.data.shop.visits import SECONDS_PER_PAGE, Visits, draw_visits
from winnow.data.shop.world import World
from winnow.schema.column import Array

BLOCK = 4_096
"""Users that are simulated together, from random numbers of their own: the unit of parallel work."""
SESSIONS_OF_BLOCK, BLOCKS_OF_DAY = 1_000_000, 10_000
SESSION_BITS, SESSION_MIX = 48, (0x9E3779B97F4B, 0xBF58476D1CE5)
SECONDS_PER_SLOT = 6.0
DAY_S = 86_400.0

Columns = dict[str, Array]
Run = Callable[[Callable[[int], "DayLog"], Iterable[int]], Iterable["DayLog"]]


@dataclass(frozen=True, slots=True, kw_only=True)
class DayLog:
    """Columns of equal length, by time. Times are seconds from the opening of the shop.

    Attributes:
        events: `user` int32 row, -1 for an anonymous visitor; `session` int64; `item` int32 row; `type` uint8, a code
            of `outcomes`; `at` float64, on a later day for a delayed purchase; `device` uint8.
        impressions: the same, where `type` is the last outcome within the log; `outcome_at` float64, when it was known,
            NaN for none; `page` int16, HOME or a category; `page_number` uint8, within the visit, from 0; `position`
            uint8 from 1; `propensity` float32; `price` float32 as shown.
        visitors: `session` int64 and `user` int32 of the anonymous visits among the logged ones: truth.
    """

    events: Columns
    impressions: Columns
    visitors: Columns


def day_log(world: World, strength: Strength, day: int, run: Run = map) -> DayLog:
    """One day of all users, the same whatever runs the blocks.

    Args:
        world: the truth.
        strength: of the effects.
        day: from 0.
        run: like `map`; that of a pool runs blocks side by side.
    """
    model = DayModel(world, day, strength.scale, strength.bias)
    simulate = partial(_block, world, model, exposure_of(world, day), day)
    parts = list(run(simulate, range(-(-world.spec.users // BLOCK))))
    return DayLog(
        events=by_time(joined([part.events for part in parts])),
        impressions=by_time(joined([part.impressions for part in parts])),
        visitors=joined([part.visitors for part in parts]),
    )


def joined(parts: Sequence[Columns]) -> Columns:
    """One table after the other; at least one part."""
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def by_time(columns: Columns) -> Columns:
    """The rows by `at`, ties as they were."""
    order = np.argsort(columns["at"], kind="stable")
    return {name: values[order] for name, values in columns.items()}


def _block(world: World, model: DayModel, exposure: Exposure, day: int, block: int) -> DayLog:
    draw = stream(world.spec.seed, "day", day, block)
    people = world.people(day)
    users = np.arange(block * BLOCK, min((block + 1) * BLOCK, len(people)))
    number = draw.poisson(world.spec.visits * people.activity[users] * (people.joins[users] <= day))
    visits = draw_visits(world, day, users, number, draw)
    sessions = _sessions((day * BLOCKS_OF_DAY + block) * SESSIONS_OF_BLOCK, len(visits))
    logged = world.logged[visits.user]
    price = world.items.shown_price(day).astype(np.float32)
    events: list[Columns] = [_events(_nothing())]
    impressions: list[Columns] = [_impressions(_nothing(), exposure, price)]
    for page in browse(model, exposure, visits, draw):
        rows = _rows(page, day, visits, sessions, logged)
        rows |= follow_up(rows["type"], rows["chance"], rows["at"], world.spec.days * DAY_S, draw)
        events.append(_events(rows))
        impressions.append(_impressions({name: each[rows["logged"]] for name, each in rows.items()}, exposure, price))
    mine = logged & visits.anonymous
    visitors = {"session": sessions[mine], "user": visits.user[mine].astype(np.int32)}
    return DayLog(events=joined(events), impressions=joined(impressions), visitors=visitors)


def _sessions(first: int, number: int) -> Array:
    """int64 [number], no two alike in the life of a shop; in no order that would tell who came, or for how long."""
    mixed = np.arange(first, first + number, dtype=np.uint64)
    for odd in SESSION_MIX:
        mixed = (mixed * np.uint64(odd)) & np.uint64(2**SESSION_BITS - 1)
        mixed ^= mixed >> np.uint64(SESSION_BITS // 2)
    return mixed.astype(np.int64)


def _rows(page: Page, day: int, visits: Visits, sessions: Array, logged: Array) -> Columns:
    """The slots of a page that something came of, or whose impressions are logged."""
    size = len(page)
    outcome = slot_outcome(page.chance, examination(), page.roll, page.clicked, page.shown)
    kept = np.flatnonzero((outcome > 0) | (page.shown & logged[:size, None]))
    visit, slot = np.divmod(kept, PAGE_SIZE)
    start = day * DAY_S + visits.second[visit] + page.number * SECONDS_PER_PAGE
    return {
        "user": np.where(visits.anonymous[visit], -1, visits.user[visit]).astype(np.int32),
        "session": sessions[visit],
        "item": page.items.ravel()[kept].astype(np.int32),
        "type": outcome.ravel()[kept],
        "at": np.round(start + slot * SECONDS_PER_SLOT, 3),
        "device": visits.device[visit],
        "page": page.category[visit].astype(np.int16),
        "page_number": np.full(len(kept), page.number, np.uint8),
        "position": (slot + 1).astype(np.uint8),
        "chance": page.chance.ravel()[kept],
        "logged": logged[visit],
    }


def _nothing() -> Columns:
    """Rows of no page."""
    kinds = {
        "user": np.int32,
        "session": np.int64,
        "item": np.int32,
        "type": np.uint8,
        "at": np.float64,
        "device": np.uint8,
        "page": np.int16,
        "page_number": np.uint8,
        "position": np.uint8,
        "click": np.float64,
        "cart": np.float64,
        "purchase": np.float64,
    }
    return {name: np.empty(0, kind) for name, kind in kinds.items()}


def _events(rows: Columns) -> Columns:
    """Every step of every outcome as an event of its own."""
    parts: list[Columns] = []
    for code, name in ((VIEW, "at"), (CLICK, "click"), (CART, "cart"), (PURCHASE, "purchase"), (DISMISS, "at")):
        happened = np.flatnonzero(np.isfinite(rows[name]) if code in (CLICK, CART, PURCHASE) else rows["type"] == code)
        part = {each: rows[each][happened] for each in ("user", "session", "item", "device")}
        kind = np.full(len(happened), code, np.uint8)
        parts.append({**part, "type": kind, "at": rows[name][happened]})
    return joined(parts)


def _impressions(rows: Columns, exposure: Exposure, price: Array) -> Columns:
    steps = np.stack([rows["purchase"], rows["cart"], rows["click"]])
    last = np.where(np.isfinite(steps), steps, -np.inf).max(axis=0)
    known = np.where(np.isfinite(last), last, np.where(rows["type"] > 0, rows["at"], np.nan))
    own = ("user", "session", "item", "type", "at", "device", "page", "page_number", "position")
    return {
        **{name: rows[name] for name in own},
        "outcome_at": known,
        "propensity": exposure.propensity(rows["page"].astype(np.int64), rows["item"]).astype(np.float32),
        "price": price[rows["item"]],
    }
