"""Whose impressions, and in what context."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from winnow.data.arrow_compute import pc
from winnow.evaluation.held_impressions import HeldImpressions
from winnow.schema.column import Bools
from winnow.schema.feature import Entity, Kind
from winnow.schema.schema import Schema

SOME, MANY = 10, 30
"""Clicks in the training time from which a user has some, and many."""
ENOUGH = 1_000
"""Impressions from which a value of the context stands alone; of fewer, chance makes most of the calibration error."""
VALUES = 8
"""Of one context feature at most, the most frequent."""


def impression_slices(held: HeldImpressions, schema: Schema) -> dict[str, Bools]:
    """bool [N] by name: all, what is known of the visitor, and each value of a context category that is seen enough.

    Slices without impressions are left out, and those that hold the same as an earlier one.
    """
    slices: dict[str, Bools] = {}
    for name, rows in (*_visitors(held), *_contexts(held.table, schema)):
        if rows.any() and not any(np.array_equal(rows, other) for other in slices.values()):
            slices[name] = rows
    return slices


def _visitors(held: HeldImpressions) -> Iterator[tuple[str, Bools]]:
    known, clicks = ~held.anonymous, held.clicks
    yield "all", np.ones(len(held), np.bool_)
    yield "known users", known
    yield "cold users", known & (held.positives == 0)
    yield "anonymous", held.anonymous
    yield "no clicks", known & (clicks == 0)
    yield f"1 to {SOME - 1} clicks", known & (clicks > 0) & (clicks < SOME)
    yield f"{SOME} to {MANY - 1} clicks", known & (clicks >= SOME) & (clicks < MANY)
    yield f"{MANY} clicks or more", known & (clicks >= MANY)


def _contexts(table: pa.Table, schema: Schema) -> Iterator[tuple[str, Bools]]:
    """Values as the shop logged them, whether training knew them or not; where there is none, it is not known."""
    features = (each for each in schema.of(Entity.CONTEXT) if each.kind is Kind.CATEGORY)
    for column in dict.fromkeys(each.column for each in features):
        if column not in table.column_names or not pa.types.is_string(table[column].type):
            continue
        counted = pc.value_counts(table[column]).to_pylist()
        often = sorted((-each["counts"], each["values"] or "", each["values"]) for each in counted)
        for _, _, value in [each for each in often if -each[0] >= ENOUGH][:VALUES]:
            same = table[column].is_null() if value is None else pc.equal(table[column], value)
            yield f"{column} {'not known' if value is None else value}", np.asarray(pc.fill_null(same, False), bool)
