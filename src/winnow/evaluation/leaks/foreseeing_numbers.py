"""Numbers that know of the test time what the training time does not tell: counts that were made at the end."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from winnow.data.arrow_compute import pc
from winnow.evaluation.leaks.coded_events import CodedEvents
from winnow.evaluation.leaks.feature_codes import declared
from winnow.evaluation.leaks.finding import MOST_ROWS, Finding
from winnow.evaluation.leaks.split_events import SplitEvents
from winnow.schema.column import Array
from winnow.schema.feature import Entity, Kind

CHECK = "numbers that foresee"
MOST_FORESIGHT = 0.6
"""Rank correlation with the events of the test time that is left when those of the training time are held fixed; the
counts over both times have more, and what was known at the cut, such as a price or an age, less than half of it."""
MOST_UNREMARKED = 0.4
"""More than this is worth a look."""
FEWEST = 50
"""Users, or items, with events in the training time and a number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Foresight:
    """How a number of users or items goes with how often they occur.

    Attributes:
        name: of the feature.
        entity: whose it is.
        before: Spearman's correlation with the events of the training time, -1 to 1.
        after: the same with those of the test time.
        beyond: the same with those of the test time, when those of the training time are held fixed.
    """

    name: str
    entity: Entity
    before: float
    after: float
    beyond: float


def foreseeing_numbers(events: SplitEvents) -> Finding:
    """A leak where a number goes with the test time far more than the training time explains."""
    found = sorted(foresights(events), key=lambda each: -abs(each.beyond))
    worst = found[0] if found else None
    most = abs(worst.beyond) if worst else 0.0
    shown = [each for each in found if abs(each.beyond) > MOST_UNREMARKED]
    told = (
        f"; '{worst.name}' of the {worst.entity} goes with the events of the test time by {worst.beyond:+.2f} when "
        "those of the training time are held fixed"
        if worst
        else ""
    )
    return Finding(
        check=CHECK,
        severity="leak" if most > MOST_FORESIGHT else "warning" if shown else "none",
        sentence=f"{len(found)} numbers of users and items (rank correlations){told} (beyond {MOST_FORESIGHT} is a "
        "leak).",
        evidence=tuple(
            {
                "feature": each.name,
                "with training events": round(each.before, 3),
                "with test events": round(each.after, 3),
                "beyond training": round(each.beyond, 3),
            }
            for each in shown[:MOST_ROWS]
        ),
    )


def foresights(events: SplitEvents) -> Iterator[Foresight]:
    """Every declared number of users and items, of those that occur in the training time; new ones have no past."""
    for entity, table in ((Entity.USER, events.dataset.users), (Entity.ITEM, events.dataset.items)):
        for feature in declared(events, entity, (Kind.NUMBER,)):
            numbers = np.asarray(pc.fill_null(table[feature.column], np.nan), np.float64)
            before, after = (_counts(each, entity, table.num_rows) for each in (events.train, events.test))
            rows = np.flatnonzero(~np.isnan(numbers) & (before > 0))
            if len(rows) >= FEWEST:
                figures = correlations(numbers[rows], before[rows], after[rows])
                yield Foresight(name=feature.name, entity=entity, **figures)


def correlations(numbers: Array, before: Array, after: Array) -> dict[str, float]:
    """Spearman's correlations of the numbers with two counts, and with the second one when the first is held fixed.

    Source: Kim, ppcor: an R package for a fast calculation to semi-partial correlation coefficients, 2015.
    """
    ranks = np.stack([average_ranks(each) for each in (numbers, before, after)])
    spread = ranks - ranks.mean(axis=1, keepdims=True)
    norm = np.linalg.norm(spread, axis=1)
    unit = spread / np.where(norm > 0, norm, 1)[:, None]
    with_before, with_after, both = unit[0] @ unit[1], unit[0] @ unit[2], unit[1] @ unit[2]
    left = (1 - with_before**2) * (1 - both**2)
    beyond = (with_after - with_before * both) / np.sqrt(left) if left > 1e-9 else 0.0
    return {"before": float(with_before), "after": float(with_after), "beyond": float(beyond)}


def average_ranks(values: Array) -> Array:
    """float64 [N], from 1; equal values share the mean of their ranks."""
    _, group, sizes = np.unique(values, return_inverse=True, return_counts=True)
    return (np.cumsum(sizes) - (sizes - 1) / 2)[group]


def _counts(events: CodedEvents, entity: Entity, size: int) -> Array:
    """int64 [size], events of each row of the entity's table."""
    rows = events.user_rows if entity is Entity.USER else events.items
    return np.bincount(rows + 1, minlength=size + 1)[1:]
