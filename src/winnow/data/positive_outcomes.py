"""Which outcomes of what was shown count as a click, and what else may come of it."""

from collections.abc import Sequence

import numpy as np

from winnow.schema.column import Array, Bools
from winnow.schema.schema import EventType, Schema

FUNNEL = (EventType.VIEW, EventType.CLICK, EventType.CART, EventType.PURCHASE)
"""Each comes after the one before it, so that who bought has clicked."""
AS_SHOWN = (str(EventType.DISMISS),)
"""Outcomes that need no click before them."""


def positive_outcomes(schema: Schema) -> tuple[str, ...]:
    """Outcomes that count as a click: the positive event types, and what comes after the first of them."""
    positives = tuple(schema.events.positives)
    return tuple(dict.fromkeys((*map(str, positives), *map(str, FUNNEL[_first(schema) :]))))


def further_outcomes(schema: Schema) -> tuple[str, ...]:
    """Outcomes besides the click that are told apart, in order: what follows on the first positive, and a dismissal.

    None of them is called "click": that is the name of what `positive_outcomes` says, whatever is positive.
    """
    follow = tuple(str(each) for each in FUNNEL[_first(schema) + 1 :] if each is not EventType.CLICK)
    return (*follow, *(each for each in AS_SHOWN if each not in schema.events.positives))


def came_of(outcomes: Sequence[str | None], names: Sequence[str]) -> Bools:
    """Whether what was shown came so far: who bought has also put it into the cart.

    Args:
        outcomes: N words.
        names: H outcomes, as `further_outcomes` has them.

    Returns:
        bool [N, H].
    """
    words = np.asarray(outcomes, object)
    columns: list[Array] = [np.isin(words, _with_later(name)) for name in names]
    return np.stack(columns, axis=1) if columns else np.zeros((len(words), 0), np.bool_)


def _with_later(name: str) -> list[str]:
    return list(map(str, FUNNEL[FUNNEL.index(EventType(name)) :])) if name in FUNNEL else [name]


def _first(schema: Schema) -> int:
    """Place of the first positive in the funnel; behind its end where none is in it."""
    positives = schema.events.positives
    return min((FUNNEL.index(EventType(each)) for each in positives if each in FUNNEL), default=len(FUNNEL))
