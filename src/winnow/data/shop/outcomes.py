"""What comes of an item that is shown: nothing, a quick view, a click and what follows from it, or a dismissal."""

import numpy as np

from winnow.schema.column import Array, Bools
from winnow.schema.schema import EventType

OUTCOMES = ("none", EventType.VIEW, EventType.CLICK, EventType.CART, EventType.PURCHASE, EventType.DISMISS)
NONE, VIEW, CLICK, CART, PURCHASE, DISMISS = range(len(OUTCOMES))

VIEW_RATE, DISMISS_RATE = 0.25, 0.004
CART_LEAST, CART_MORE = 0.05, 0.35
PURCHASE_RATE, AT_ONCE_SHARE = 0.4, 0.5
CLICK_AFTER_S, CART_AFTER_S, PURCHASE_AFTER_S = 2.0, 15.0, 60.0
DELAY_MEDIAN_S, DELAY_LOG_SD = 6 * 3600.0, 1.2


def slot_outcome(chance: Array, looked: Array, roll: Array, clicked: Bools, shown: Bools) -> Array:
    """uint8, NONE, VIEW, CLICK or DISMISS for each slot.

    The roll that decides the click decides the rest: just above a click is a quick view, at the very top a dismissal,
    which is the more likely the less the item pleases.

    Args:
        chance: float32, of a click once looked at.
        looked: float32, chance of a look.
        roll: float32 from 0 to 1.
        clicked: bool.
        shown: bool, false where a slot stayed empty.
    """
    outcome = np.zeros(roll.shape, np.uint8)
    outcome[roll > 1 - looked * np.float32(DISMISS_RATE) * (1 - chance) ** 2] = DISMISS
    outcome[roll < looked * chance * (1 + np.float32(VIEW_RATE) * (1 - chance))] = VIEW
    outcome[clicked] = CLICK
    outcome[~shown] = NONE
    return outcome


def follow_up(
    outcome: Array, chance: Array, shown_at: Array, end: float, draw: np.random.Generator
) -> dict[str, Array]:
    """What clicks lead to: some to the cart, some of those to a purchase, at once or hours or days later.

    Args:
        outcome: uint8 [N], of the slots.
        chance: float32 [N], of a click.
        shown_at: float64 [N], seconds.
        end: where the log ends; what comes later is not in it.
        draw: the randomness.

    Returns:
        `type` uint8 [N], the last outcome before the end, and `click`, `cart`, `purchase` float64 [N], when each came:
        infinity where it did not, or not before the end.
    """
    rows = np.flatnonzero(outcome == CLICK)
    n = len(rows)
    click = shown_at[rows] + CLICK_AFTER_S
    cart = np.where(draw.random(n) < CART_LEAST + CART_MORE * chance[rows], click + CART_AFTER_S, np.inf)
    later = DELAY_MEDIAN_S * np.exp(DELAY_LOG_SD * draw.standard_normal(n))
    delay = np.where(draw.random(n) < AT_ONCE_SHARE, PURCHASE_AFTER_S, later)
    purchase = np.where(draw.random(n) < PURCHASE_RATE, cart + np.round(delay, 3), np.inf)
    kind = outcome.copy()
    times = {}
    for code, name, at in ((CLICK, "click", click), (CART, "cart", cart), (PURCHASE, "purchase", purchase)):
        in_time = at < end
        times[name] = np.full(len(outcome), np.inf)
        times[name][rows[in_time]] = at[in_time]
        kind[rows[in_time]] = code
    kind[rows[click >= end]] = NONE
    return {"type": kind, **times}
