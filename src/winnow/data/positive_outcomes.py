"""Which outcomes of what was shown count as a click."""

from winnow.schema.schema import EventType, Schema

FUNNEL = (EventType.VIEW, EventType.CLICK, EventType.CART, EventType.PURCHASE)
"""Each comes after the one before it, so that who bought has clicked."""


def positive_outcomes(schema: Schema) -> tuple[str, ...]:
    """Outcomes that count as a click: the positive event types, and what comes after the first of them."""
    positives = tuple(schema.events.positives)
    first = min((FUNNEL.index(EventType(each)) for each in positives if each in FUNNEL), default=len(FUNNEL))
    return tuple(dict.fromkeys((*map(str, positives), *map(str, FUNNEL[first:]))))
