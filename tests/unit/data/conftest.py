"""A shop of three users and four items, right in every way, for tests to damage."""

from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pytest

from winnow.data.dataset import Dataset
from winnow.data.raw_tables import RawTables
from winnow.data.validation import validated
from winnow.schema.feature import Entity, Feature, Kind
from winnow.schema.schema import Events, Schema
from winnow.schema.transform import CyclicalHour, History, LogStandardise, PassThrough, Standardise, Vocabulary

NOON = 1_767_268_800.0  # 2026-01-01T12:00:00Z
Rows = list[dict[str, Any]]
Validate = Callable[..., Dataset]

SCHEMA = Schema(
    features=(
        Feature(name="age", entity=Entity.USER, kind=Kind.NUMBER, transform=Standardise()),
        Feature(name="history", entity=Entity.USER, kind=Kind.ID, transform=History()),
        Feature(name="item", entity=Entity.ITEM, kind=Kind.ID, transform=Vocabulary(), column="sku"),
        Feature(name="price", entity=Entity.ITEM, kind=Kind.NUMBER, transform=LogStandardise(), card=True),
        Feature(name="look", entity=Entity.ITEM, kind=Kind.VECTOR, transform=PassThrough(), width=2),
        Feature(name="device", entity=Entity.CONTEXT, kind=Kind.CATEGORY, transform=Vocabulary()),
        Feature(name="hour", entity=Entity.CONTEXT, kind=Kind.TIME, transform=CyclicalHour(), column="when"),
    ),
    events=Events(user="who", item="sku", time="when", type="what", types={"looked": "view", "clicked": "click"}),
    user_key="who",
    item_key="sku",
    title="name",
)


@pytest.fixture
def schema() -> Schema:
    return SCHEMA


@pytest.fixture
def users() -> Rows:
    return [{"who": f"u{n}", "age": 30 + n} for n in range(3)]


@pytest.fixture
def items() -> Rows:
    return [{"sku": f"i{n}", "price": 1.5 * n, "look": [1.0, float(n)], "name": f"Item {n}"} for n in range(4)]


@pytest.fixture
def events() -> Rows:
    return [
        {"who": f"u{n % 3}", "sku": f"i{n % 4}", "what": what, "when": int(NOON) + n, "device": device}
        for n, (what, device) in enumerate([("looked", "mobile"), ("clicked", "tablet")] * 6)
    ]


@pytest.fixture
def validate(users: Rows, items: Rows, events: Rows) -> Validate:
    """Validates the three tables as the test has left them, or others that it gives as Arrow tables."""

    def run(schema: Schema = SCHEMA, **tables: pa.Table | None) -> Dataset:
        rows = {"users": users, "items": items, "events": events}
        raw = {name: pa.Table.from_pylist(each) for name, each in rows.items()}
        return validated(RawTables(**{**raw, **tables}), schema, source="a test", now=NOON + 3600)

    return run
