"""The small shop with visitors whom training knew."""

from dataclasses import replace

import numpy as np

from tests.unit.serving.small_engine import bare_assembly, memory_state, small_engine
from winnow.engine.engine import Engine
from winnow.engine.trained_users import TrainedUsers
from winnow.features.bucket_codes import BucketCodes
from winnow.features.fitted import FittedFeature, FittedFeatures
from winnow.features.scaled_number import ScaledNumber
from winnow.features.vocabulary_codes import VocabularyCodes
from winnow.pipeline.request_hydrators import UserHydrator
from winnow.schema.column import Array
from winnow.schema.feature import Entity
from winnow.schema.stable_hash import stable_hashes
from winnow.stores.event import CODE_OF_TYPE
from winnow.stores.event_log import EventLog
from winnow.stores.layered_state import LayeredState
from winnow.stores.user_table import UserTable

LONG_AGO = 1_600_000_000.0
FEATURES = FittedFeatures(
    entity=Entity.USER,
    features=(
        FittedFeature(name="country", column="country", transform=VocabularyCodes(known=("DE", "FR"))),
        FittedFeature(name="age", column="age", transform=ScaledNumber(mean=40.0, deviation=10.0, log=False)),
        FittedFeature(name="orders", column="orders", transform=BucketCodes(edges=(1.0, 5.0))),
    ),
)
PEOPLE = {"country": np.array(["FR"]), "age": np.array([31.0]), "orders": np.array([3.0])}


def past_of(*clicks: tuple[str, str]) -> EventLog:
    """Visitors and the items that they clicked on long ago."""
    users, items = zip(*clicks, strict=True)
    codes: Array = np.full(len(clicks), CODE_OF_TYPE["click"], np.int8)
    return EventLog.of(users, stable_hashes(items), codes, np.full(len(clicks), LONG_AGO))


def visited_engine() -> Engine:
    """`ann` is described and clicked on item-0 and on one that is no more; of `cid` there is an event alone."""
    past = past_of(("ann", "item-0"), ("ann", "no more"), ("cid", "item-1"))
    row, unknown = FEATURES.packed(PEOPLE, 1), FEATURES.missing()
    table = UserTable(
        user_ids=("ann",),
        codes=np.concatenate([row.codes, unknown.codes]),
        values=np.concatenate([row.values, unknown.values]),
    )
    state = LayeredState(base=past, live=memory_state())
    users, engine = TrainedUsers(past=past, table=table, fitted=FEATURES), small_engine(state=state)
    assembly = replace(bare_assembly(engine.schema, state), users=UserHydrator(store=table, unknown=unknown))
    return replace(engine, users=users, assembly=assembly)
