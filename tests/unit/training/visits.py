"""Visits as Hypothesis draws them, often at one instant, and the event table that they make."""

from typing import NamedTuple

import pyarrow as pa
from hypothesis import strategies as st

from winnow.schema.feature import Entity, Feature, Kind
from winnow.schema.schema import Events, EventType, Schema
from winnow.schema.transform import History

ITEM_IDS = [f"item-{row}" for row in range(4)]
ITEMS = pa.table({"item_id": ITEM_IDS})
TYPES = [str(each) for each in EventType]


class Visit(NamedTuple):
    user: str
    item: int
    type: str
    at: float


VISITS = st.lists(
    st.builds(
        Visit,
        user=st.sampled_from(["ann", "bob", "cy"]),
        item=st.integers(0, 3),
        type=st.sampled_from(TYPES),
        at=st.integers(0, 5).map(float),
    ),
    max_size=25,
).map(lambda visits: sorted(visits, key=lambda visit: visit.at))
SOME_TYPES = st.lists(st.sampled_from(TYPES), min_size=1, max_size=3, unique=True).map(tuple)


def table_of(visits: list[Visit]) -> pa.Table:
    return pa.table(
        {
            "user_id": pa.array([visit.user for visit in visits], pa.string()),
            "item_id": pa.array([ITEM_IDS[visit.item] for visit in visits], pa.string()),
            "event_type": pa.array([visit.type for visit in visits], pa.string()),
            "at": pa.array([visit.at for visit in visits], pa.float64()),
        }
    )


def schema_of(positives: tuple[str, ...], history: tuple[str, ...]) -> Schema:
    feature = Feature(name="history", entity=Entity.USER, kind=Kind.ID, transform=History(types=history))
    return Schema(features=(feature,), events=Events(positives=positives))
