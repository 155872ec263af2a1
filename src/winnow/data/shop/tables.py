"""The world and its days as Arrow tables with the names that the shop's own people would use."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa

from winnow.data.arrow_compute import pc
from winnow.data.dataset import AT, ITEM, TYPE, USER
from winnow.data.shop.day_log import DAY_S, Columns
from winnow.data.shop.items import NEVER, Items
from winnow.data.shop.lexicon import CATEGORIES, DEVICES, GENDERS, STYLE_NAMES
from winnow.data.shop.outcomes import OUTCOMES
from winnow.data.shop.people import People
from winnow.data.shop.pictures import picture_vectors
from winnow.data.shop.words import descriptions, titles
from winnow.data.shop.world import World
from winnow.schema.column import Array, Bools

OPENING = datetime(2026, 1, 5, tzinfo=UTC).timestamp()
"""A Monday."""
SESSION = "session_id"
VISITORS = pa.schema({SESSION: pa.int64(), USER: pa.dictionary(pa.int32(), pa.string())})
ITEMS_AT_ONCE = 65_536


def user_ids(number: int) -> pa.Array:
    """`u00000`, `u00001`, ...: the name of each row."""
    return _ids("u", number)


def item_ids(number: int) -> pa.Array:
    """`i00000`, `i00001`, ...: the name of each row."""
    return _ids("i", number)


def users_table(people: People) -> pa.Table:
    """The users as the shop knows them."""
    return pa.table(
        {
            USER: user_ids(len(people)),
            "age": pa.array(people.age, from_pandas=True),
            "gender": _words(GENDERS[:2], people.gender),
        }
    )


def items_tables(world: World) -> Iterator[pa.Table]:
    """The items as the shop knows them, some rows at a time."""
    items, seed, names = world.items, world.spec.seed, item_ids(len(world.items))
    pictures = names_of_pictures(names) if world.spec.drawn else _vectors(picture_vectors(items, seed))
    for start in range(0, len(items), ITEMS_AT_ONCE):
        rows = slice(start, start + ITEMS_AT_ONCE)
        yield pa.table(
            {
                ITEM: names[rows],
                "category": _words(CATEGORIES, items.category[rows]),
                "style": _words(STYLE_NAMES, items.style[rows]),
                "made_for": _words(GENDERS, items.gender[rows]),
                "price": items.price[rows],
                "title": titles(items, seed, rows),
                "description": descriptions(items, seed, rows),
                "picture": pictures[rows],
            }
        )


def names_of_pictures(items: pa.Array) -> pa.Array:
    """The file of each item's picture, by the item's name."""
    return pc.binary_join_element_wise(items, "png", ".")


def calendar_table(items: Items, days: int) -> pa.Table:
    """When items came, went, were sold out or promoted: `item_id`, `what`, `since` and `until` (UTC seconds)."""
    spans = {
        "not there yet": (np.zeros(len(items), np.int32), items.arrives),
        "withdrawn": (items.withdrawn, np.full(len(items), days, np.int32)),
        "sold out": (items.sold_out, items.back),
        "promoted": (items.promoted, items.promotion_ends),
    }
    names, parts = item_ids(len(items)), list[pa.Table]()
    for what, (since, until) in spans.items():
        rows = np.flatnonzero((since < until) & (since < min(days, NEVER)))
        end = np.minimum(until[rows], days)
        times = {"since": OPENING + since[rows] * DAY_S, "until": OPENING + end * DAY_S}
        parts.append(pa.table({ITEM: names.take(pa.array(rows)), "what": pa.repeat(what, len(rows)), **times}))
    return pa.concat_tables(parts)


def events_table(log: Columns, users: pa.Array, items: pa.Array) -> pa.Table:
    """Events of a day; an anonymous visitor has a session and no user."""
    return pa.table({**_who_what_when(log, users, items), TYPE: _words(OUTCOMES, log["type"])})


def impressions_table(log: Columns, users: pa.Array, items: pa.Array) -> pa.Table:
    """Impressions of a day, with what came of them."""
    known = log["outcome_at"]
    return pa.table(
        {
            **_who_what_when(log, users, items),
            "page": _words((*CATEGORIES, "home"), np.where(log["page"] < 0, len(CATEGORIES), log["page"])),
            "page_number": log["page_number"],
            "position": log["position"],
            "propensity": log["propensity"],
            "price": log["price"],
            "outcome": _words(OUTCOMES, log["type"]),
            "outcome_at": pa.array(OPENING + known, from_pandas=True),
        }
    )


def visitors_table(log: Columns, users: pa.Array) -> pa.Table:
    """Who the anonymous visitors are: truth."""
    return pa.table({SESSION: log["session"], USER: _named(users, log["user"])})


def _who_what_when(log: Columns, users: pa.Array, items: pa.Array) -> dict[str, pa.Array]:
    return {
        USER: _named(users, log["user"], log["user"] < 0),
        SESSION: pa.array(log["session"]),
        ITEM: _named(items, log["item"]),
        AT: pa.array(np.round(OPENING + log["at"], 3)),
        "device_type": _words(DEVICES, log["device"]),
    }


def _vectors(vectors: Array) -> pa.Array:
    return pa.FixedSizeListArray.from_arrays(vectors.ravel(), vectors.shape[1])


def _named(names: pa.Array, rows: Array, missing: Bools | None = None) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array(rows, mask=missing), names)


def _words(words: Sequence[str], codes: Array) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32)), pa.array(list(map(str, words))))


def _ids(letter: str, number: int) -> pa.Array:
    width = max(5, len(str(number - 1)))
    return pa.array(np.char.mod(f"{letter}%0{width}d", np.arange(number)))
