"""What was planted in a simulated shop, and what came of it, for people to read."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import numpy as np

from winnow.data.shop.calibration import PILOT_VISITS, Strength
from winnow.data.shop.effects import LOGIT_SD, Effects
from winnow.data.shop.exposure import examination
from winnow.data.shop.items import NEVER
from winnow.data.shop.lexicon import CATEGORIES, CATEGORY_OF_STYLE, DEVICES
from winnow.data.shop.measured_effects import MeasuredEffects, measured_effects
from winnow.data.shop.outcomes import OUTCOMES
from winnow.data.shop.plots import clicks_by_day, clicks_by_rank, rates_by_hour
from winnow.data.shop.shop_spec import SIZES, Drift, ShopSpec
from winnow.data.shop.tally import COLD, Tally, first_day_of_last_quarter
from winnow.data.shop.world import World
from winnow.schema.column import Array

CARD_FILE, CARD_FOLDER = "data_card.md", "data_card"
WHERE: Mapping[str, str] = MappingProxyType(
    {
        "taste": "history against an item's category, colour, material and whom it is made for; age and gender",
        "session": "the last clicks of the same visit: the same style, the same colour",
        "picture": "the picture alone: pattern and shade",
        "words": "title and description alone: mood and occasion",
        "device_hour": "context: device, hour and weekday lead to some categories",
        "price": "the price of the day against the prices in the history",
        "popularity": "clicks of everybody: an item's appeal, and styles that come in and out of fashion",
    }
)
PARTS_OF_DAY: Mapping[str, slice] = MappingProxyType(
    {"0 to 6": slice(0, 6), "6 to 12": slice(6, 12), "12 to 18": slice(12, 18), "18 to 24": slice(18, 24)}
)
UNKNOWN = "none"


def write_data_card(folder: Path, world: World, strength: Strength, tally: Tally, version: int) -> None:
    """Writes `data_card.md`, and its plots into `data_card/`.

    Args:
        folder: of the shop.
        world: the truth.
        strength: of the effects.
        tally: of all days.
        version: of the simulator.
    """
    measured = measured_effects(world, strength)
    for name, content in data_card(world, strength, measured, tally, version).items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)


def data_card(
    world: World, strength: Strength, measured: MeasuredEffects, tally: Tally, version: int
) -> dict[str, bytes]:
    """Files of the card by their names from the folder of the shop; the same for the same arguments.

    Args:
        world: the truth.
        strength: of the effects.
        measured: how they came out.
        tally: of all days.
        version: of the simulator.
    """
    plots = _plots(tally, world.spec.drift)
    lines = [
        *_head(world.spec, version),
        *_counts(world, tally),
        *_rates(tally, plots),
        *_spread(tally, plots),
        *_cold(world.spec.days, tally),
        *_effects(world.spec.effects, strength, measured),
        *_drift(world, plots),
        *_delay(tally),
    ]
    return {CARD_FILE: _bytes("\n".join(lines) + "\n"), **{name: _bytes(svg) for name, svg in plots.items()}}


def _plots(tally: Tally, drift: Drift | None) -> dict[str, str]:
    shown, clicked = tally.shown.sum(axis=2), tally.clicked.sum(axis=2)
    rates = {f"{CARD_FOLDER}/rates_by_hour.svg": rates_by_hour(shown, clicked)} if tally.impressions else {}
    return {
        **rates,
        f"{CARD_FOLDER}/clicks_by_rank.svg": clicks_by_rank(tally.item_clicks),
        f"{CARD_FOLDER}/clicks_by_day.svg": clicks_by_day(tally.daily, drift and drift.day),
    }


def _head(spec: ShopSpec, version: int) -> Iterator[str]:
    plain = replace(spec, seed=0, effects=Effects(), drift=None)
    size = next((name for name, each in SIZES.items() if each == plain), "a size of its own")
    yield "# A simulated shop\n"
    yield "Nobody visited this shop: its items, its visitors and what they did were drawn at random, from a truth that"
    yield "is known and kept apart in `truth/`. So whatever a model learns from it can be told right or wrong.\n"
    settings = {
        "size": size,
        "users, items, days": f"{spec.users:,}, {spec.items:,}, {spec.days}",
        "visits of a user on a day": f"{spec.visits:g}",
        "clicks of all that is shown, wanted": f"{spec.click_rate:.1%}",
        "users whose impressions are logged": f"{spec.logged:.0%}",
        "seed": str(spec.seed),
        "version of the simulator": str(version),
    }
    yield from _table(("setting", "value"), list(settings.items()))


def _counts(world: World, tally: Tally) -> Iterator[str]:
    items, joins = world.items, world.before.joins
    counts = {
        "users with a click under their name": int(tally.clicking.sum()),
        "users who join after the first day": int((joins > 0).sum()),
        "items that arrive after the first day": int((items.arrives > 0).sum()),
        "items that are withdrawn": int((items.withdrawn < NEVER).sum()),
        "items that sell out and come back": int((items.sold_out < NEVER).sum()),
        "items that are promoted for some days": int((items.promoted < NEVER).sum()),
        **{f"events: {name}": int(tally.events[code]) for code, name in enumerate(OUTCOMES) if code},
        "logged visits": int(tally.visits.sum()),
        "logged impressions": tally.impressions,
        "logged impressions that were clicked": int(tally.clicked.sum()),
    }
    yield "\n## Counts\n"
    yield from _table(("what", "number"), [(what, f"{number:,}") for what, number in counts.items()])
    anonymous = _share(tally.visitor_clicks[1], tally.clicks), _share(tally.visits[1], tally.visits.sum())
    yield f"\nAnonymous visitors make {anonymous[0]} of the clicks, and {anonymous[1]} of the logged visits."


def _rates(tally: Tally, plots: Mapping[str, str]) -> Iterator[str]:
    yield "\n## Click rate\n"
    if not tally.impressions:
        yield "No impressions are logged, so there is no click rate."
        return
    shown, clicked = tally.shown.sum(axis=2), tally.clicked.sum(axis=2)
    yield "Clicks per logged impression, by device and hour of the day (UTC):\n"
    rows = [
        (name, *(_share(clicked[row, part].sum(), shown[row, part].sum()) for part in PARTS_OF_DAY.values()))
        for row, name in enumerate(DEVICES)
    ]
    yield from _table(("device", *PARTS_OF_DAY), rows)
    yield _picture(plots, "rates_by_hour", "Click rate by hour and device")
    yield "\nBy position on the page, beside the chance that a position is looked at at all:\n"
    yield from _table(("position", "click rate", "looked at"), list(_positions(tally)))


def _positions(tally: Tally) -> Iterator[tuple[str, str, str]]:
    shown, clicked = tally.shown.sum(axis=(0, 1)), tally.clicked.sum(axis=(0, 1))
    for place, looked in enumerate(examination()):
        yield str(place + 1), _share(clicked[place], shown[place]), f"{looked:.0%}"


def _spread(tally: Tally, plots: Mapping[str, str]) -> Iterator[str]:
    yield "\n## How clicks spread over items\n"
    unclicked = int((tally.item_clicks == 0).sum())
    yield f"The Gini coefficient is {_number(tally.gini)}; {unclicked:,} items have no click."
    yield _picture(plots, "clicks_by_rank", "Clicks of each item from the most clicked on")


def _cold(days: int, tally: Tally) -> Iterator[str]:
    since = first_day_of_last_quarter(days)
    yield "\n## Cold starts\n"
    yield f"Of the {tally.cold[0]:,} clicks of the last quarter (days {since} to {days - 1}, the first day being 0):\n"
    told = ("go to items that arrived in it", "come from users who joined in it", "come from anonymous visitors")
    shares = (_share(tally.cold[place], tally.cold[0]) for place in range(1, len(COLD)))
    yield from _table(("clicks that", "share"), list(zip(told, shares, strict=True)))


def _effects(effects: Effects, strength: Strength, measured: MeasuredEffects) -> Iterator[str]:
    yield "\n## What moves a click\n"
    yield "The log-odds of a click on an item that is looked at are a sum of parts, one for each effect. Shares are of"
    yield f"the variance of that sum, over all that {PILOT_VISITS:,} visits of a pilot crowd are shown, had there"
    yield f"been no drift. With all effects the sum is meant to spread by {LOGIT_SD:g} (standard deviation);"
    yield f"here it spreads by {measured.total**0.5:.2f}.\n"
    wanted = effects.variances()
    total = sum(wanted.values()) or 1.0
    rows = [
        (
            name,
            f"{wanted[name] / total:.1%}",
            f"{share:.1%}",
            f"{measured.variance[name] ** 0.5:.2f}",
            f"{strength.scale[name]:.3f}",
            "nowhere: taken away" if name in effects.removed else WHERE[name],
        )
        for name, share in measured.shares.items()
    ]
    yield from _table(("effect", "wanted", "measured", "spread, log-odds", "factor", "where a model can see it"), rows)
    yield f"\nWhere no effect speaks, the log-odds are {strength.bias:.2f}."


def _drift(world: World, plots: Mapping[str, str]) -> Iterator[str]:
    drift = world.spec.drift
    yield "\n## Drift\n"
    if drift is None:
        yield "None."
    else:
        yield f"From day {drift.day} on (the first day being 0):\n"
        yield f"- the likings of {drift.users:.0%} of the users are drawn anew;"
        yield f"- {_risen(world, drift)};"
        yield f"- {drift.mobile:.0%} of the users take to their mobile phone."
    yield _picture(plots, "clicks_by_day", "Clicks by day and category")


def _risen(world: World, drift: Drift) -> str:
    styles = np.flatnonzero(world.moments.rise[drift.day])
    if not len(styles):
        return "no category rises"
    name = CATEGORIES[CATEGORY_OF_STYLE[int(styles[0])]]
    change = f"by {drift.category_rise:+g} in the log-odds of a click"
    return f"the category `{name}` moves {change}, and is shown {'more' if drift.category_rise > 0 else 'less'} often"


def _delay(tally: Tally) -> Iterator[str]:
    yield "\n## Delay of labels\n"
    bought = int(tally.delays.sum())
    if not bought:
        yield "No logged impression led to a purchase."
        return
    median, ninth = _span(tally.delay_s(0.5)), _span(tally.delay_s(0.9))
    yield f"Of the {bought:,} logged purchases half came within {median} of the impression, 90% within {ninth}, and"
    yield f"{tally.purchases_after_a_day:.1%} a day later or more. What comes after the last day is not in the log."


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    for row in (head, ["---"] * len(head), *rows):
        yield f"| {' | '.join(row)} |"


def _picture(plots: Mapping[str, str], name: str, told: str) -> str:
    path = f"{CARD_FOLDER}/{name}.svg"
    return f"\n![{told}]({path})" if path in plots else ""


def _share(part: Array | int, whole: Array | int) -> str:
    return f"{part / whole:.1%}" if whole else UNKNOWN


def _number(value: float) -> str:
    return f"{value:.3f}" if np.isfinite(value) else UNKNOWN


def _span(seconds: float) -> str:
    unit, name = next(
        each for each in ((86_400, "days"), (3_600, "hours"), (60, "minutes"), (1, "s")) if seconds >= each[0]
    )
    return f"{seconds / unit:.1f} {name}"


def _bytes(text: str) -> bytes:
    return text.encode("utf-8")
