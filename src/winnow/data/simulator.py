"""A small shop with known truth: deterministic by seed, quick to make, and with effects that a model must find."""

from datetime import UTC, datetime

import numpy as np
import pyarrow as pa

from winnow.data.dataset import AT, ITEM, TYPE, USER, Dataset
from winnow.data.raw_tables import RawTables
from winnow.data.simulator_spec import SimulatorSpec
from winnow.data.validation import validated
from winnow.data.visits import draw_actions, draw_views
from winnow.data.world import PICTURE_WIDTH, World, make_world
from winnow.data.world_words import (
    CATEGORIES,
    COLOURS,
    DEVICES,
    MATERIALS,
    MOODS,
    STYLE_NAMES,
    description_of,
    named,
    title_of,
)
from winnow.schema.column import Array
from winnow.schema.feature import Entity, Feature, Kind
from winnow.schema.schema import Events, EventType, Schema
from winnow.schema.transform import (
    CyclicalHour,
    CyclicalWeekday,
    History,
    LogStandardise,
    PassThrough,
    Standardise,
    TextVector,
    Vocabulary,
)

OPENING = datetime(2026, 1, 5, tzinfo=UTC).timestamp()
DAY_S = 86_400.0
SECONDS_AFTER_VIEW = {"view": 0, "click": 4, "cart": 12, "purchase": 20}

SIMULATOR_SCHEMA = Schema(
    features=(
        Feature(name="user_id", entity=Entity.USER, kind=Kind.ID, transform=Vocabulary()),
        Feature(name="age", entity=Entity.USER, kind=Kind.NUMBER, transform=Standardise()),
        Feature(name="gender", entity=Entity.USER, kind=Kind.CATEGORY, transform=Vocabulary()),
        Feature(
            name="history", entity=Entity.USER, kind=Kind.ID, transform=History(length=50, types=(EventType.CLICK,))
        ),
        Feature(name="item_id", entity=Entity.ITEM, kind=Kind.ID, transform=Vocabulary()),
        Feature(name="category", entity=Entity.ITEM, kind=Kind.CATEGORY, transform=Vocabulary(), card=True),
        Feature(name="style", entity=Entity.ITEM, kind=Kind.CATEGORY, transform=Vocabulary(), card=True),
        Feature(name="price", entity=Entity.ITEM, kind=Kind.NUMBER, transform=LogStandardise(), card=True),
        Feature(name="description", entity=Entity.ITEM, kind=Kind.TEXT, transform=TextVector(width=32), card=True),
        Feature(name="picture", entity=Entity.ITEM, kind=Kind.VECTOR, transform=PassThrough(), width=PICTURE_WIDTH),
        Feature(name="device_type", entity=Entity.CONTEXT, kind=Kind.CATEGORY, transform=Vocabulary()),
        Feature(name="hour", entity=Entity.CONTEXT, kind=Kind.TIME, transform=CyclicalHour(), column=AT),
        Feature(name="weekday", entity=Entity.CONTEXT, kind=Kind.TIME, transform=CyclicalWeekday(), column=AT),
    ),
    events=Events(time=AT),
    title="title",
)


def simulate(spec: SimulatorSpec) -> Dataset:
    """A shop of the given size, the same rows for the same spec."""
    return simulate_with_truth(spec)[0]


def simulate_with_truth(spec: SimulatorSpec) -> tuple[Dataset, World]:
    """The shop and the world behind it; row `n` of the world's users and items has the id `u...n` and `i...n`."""
    draw = np.random.default_rng(spec.seed)
    world = make_world(spec, draw)
    view = draw_views(spec, world, draw)
    raw = RawTables(users=_users(world), items=_items(world), events=_events(view, draw_actions(world, view, draw)))
    source = f"simulator: {spec.users} users, {spec.items} items, {spec.days} days, seed {spec.seed}"
    return validated(raw, SIMULATOR_SCHEMA, source=source, now=OPENING + spec.days * DAY_S), world


def _users(world: World) -> pa.Table:
    gender = named(("f", "m"), world.gender)
    return pa.table({USER: _ids("u", np.arange(len(world.age))), "age": world.age, "gender": gender})


def _items(world: World) -> pa.Table:
    style, colour = named(STYLE_NAMES, world.style), named(COLOURS, world.colour)
    material, category = named(MATERIALS, world.material), named(CATEGORIES, world.category)
    return pa.table(
        {
            ITEM: _ids("i", np.arange(len(world.price))),
            "category": category,
            "style": style,
            "price": world.price,
            "title": list(map(title_of, named(MOODS, world.mood), colour, material, style)),
            "description": list(map(description_of, colour, material, style, category)),
            "picture": pa.FixedSizeListArray.from_arrays(pa.array(world.picture.ravel()), PICTURE_WIDTH),
        }
    )


def _events(view: dict[str, Array], actions: dict[str, Array]) -> pa.Table:
    parts = [
        pa.table(
            {
                USER: _ids("u", view["user"][done]),
                ITEM: _ids("i", view["item"][done]),
                TYPE: pa.repeat(name, int(done.sum())),
                AT: np.round(OPENING + view["day"][done] * DAY_S + SECONDS_AFTER_VIEW[name], 3),
                "device_type": pa.array(np.array(DEVICES)[view["device"][done]]),
            }
        )
        for name, done in actions.items()
    ]
    return pa.concat_tables(parts)


def _ids(letter: str, rows: Array) -> pa.Array:
    return pa.array(np.char.mod(f"{letter}%05d", rows))
