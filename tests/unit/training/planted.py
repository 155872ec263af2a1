"""A shop of two tastes: even users like even items, odd users like odd ones, and only what they clicked tells.

The last four items are new: nobody has clicked them. Every third user is a guest, of whom the users table knows
nothing.
"""

import numpy as np
import pyarrow as pa

from winnow.data.dataset import Dataset
from winnow.data.report import DataReport
from winnow.schema.feature import Entity, Feature, Kind
from winnow.schema.schema import Events, Schema
from winnow.schema.transform import CyclicalHour, History, LogStandardise, PassThrough, Standardise, Vocabulary

USERS, ITEMS, NEW_ITEMS, CLICKS = 200, 60, 4, 20
LENGTH = 10
LOYALTY = 0.95
"""Share of clicks on items of the user's own taste."""
DEVICES = ("phone", "desktop")
HOUR_S = 3600.0

SCHEMA = Schema(
    features=(
        Feature(name="shirt", entity=Entity.USER, kind=Kind.CATEGORY, transform=Vocabulary()),
        Feature(name="age", entity=Entity.USER, kind=Kind.NUMBER, transform=Standardise()),
        Feature(name="history", entity=Entity.USER, kind=Kind.ID, transform=History(length=LENGTH, types=("click",))),
        Feature(name="style", entity=Entity.ITEM, kind=Kind.CATEGORY, transform=Vocabulary()),
        Feature(name="item_id", entity=Entity.ITEM, kind=Kind.ID, transform=Vocabulary()),
        Feature(name="price", entity=Entity.ITEM, kind=Kind.NUMBER, transform=LogStandardise()),
        Feature(name="picture", entity=Entity.ITEM, kind=Kind.VECTOR, transform=PassThrough(), width=3),
        Feature(name="device", entity=Entity.CONTEXT, kind=Kind.CATEGORY, transform=Vocabulary()),
        Feature(name="hour", entity=Entity.CONTEXT, kind=Kind.TIME, transform=CyclicalHour(), column="at"),
    ),
    events=Events(positives=("click",)),
)


def user_name(row: int) -> str:
    return f"guest-{row}" if row % 3 == 0 else f"user-{row}"


def planted_dataset(seed: int = 0) -> Dataset:
    """Click `n` of every user comes after click `n - 1` of everybody."""
    draw = np.random.default_rng(seed)
    known = [user_name(row) for row in range(USERS) if row % 3]
    vectors = draw.normal(size=(ITEMS, 3)).astype(np.float32)
    return Dataset(
        schema=SCHEMA,
        users=pa.table(
            {
                "user_id": known,
                "shirt": draw.choice(["red", "blue", "green"], len(known)),
                "age": draw.uniform(18, 80, len(known)),
            }
        ),
        items=pa.table(
            {
                "item_id": [f"item-{row}" for row in range(ITEMS)],
                "style": ["even" if row % 2 == 0 else "odd" for row in range(ITEMS)],
                "price": draw.uniform(1, 100, ITEMS),
                "picture": pa.FixedSizeListArray.from_arrays(pa.array(vectors.ravel()), 3),
            }
        ),
        events=_events(draw),
        report=DataReport(rows_read={}, rows_kept={}),
        source="planted",
    )


def _events(draw: np.random.Generator) -> pa.Table:
    user = np.tile(np.arange(USERS), CLICKS)
    click = np.repeat(np.arange(CLICKS), USERS)
    loyal = draw.random(len(user)) < LOYALTY
    taste = np.where(loyal, user % 2, 1 - user % 2)
    item = 2 * draw.integers((ITEMS - NEW_ITEMS) // 2, size=len(user)) + taste
    return pa.table(
        {
            "user_id": [user_name(row) for row in user],
            "item_id": [f"item-{row}" for row in item],
            "event_type": pa.repeat("click", len(user)),
            "at": click * HOUR_S + user / USERS,
            "device": draw.choice(DEVICES, len(user)),
        }
    )
