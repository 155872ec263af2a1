"""Whether "masked" means masked: what users had is neither asked for nor answered."""

from collections.abc import Iterator, Mapping

import numpy as np

from winnow.data.dataset import USER
from winnow.evaluation.held_out import HeldOut
from winnow.evaluation.leaks.finding import MOST_ROWS, Finding
from winnow.schema.column import Array, Ragged

WANTED, ANSWERED = "masked answers", "masked lists"


def masking(held: HeldOut, lists: Mapping[str, Array], num_allowed: int) -> Iterator[Finding]:
    """The questions and the lists of the masked setting against the histories.

    A right answer from the history is a leak. One in a list only wastes a place, and so is a warning; where fewer items
    are new to a user than a list has places, what was had comes back by design and does not count.

    Args:
        held: U users with their right answers and histories.
        lists: int64 [U, k] item rows of each model, -1 where there is none.
        num_allowed: items that may be recommended at all.
    """
    wanted = np.flatnonzero(np.isin(_pairs(held.relevant), _pairs(held.history)))
    owners = held.relevant.row_of_value()[wanted[:MOST_ROWS]]
    yield Finding(
        check=WANTED,
        severity="leak" if len(wanted) else "none",
        sentence=f"{len(wanted):,} of {len(held.relevant.values):,} right answers are in the history of their user.",
        evidence=tuple({USER: held.user_ids[owner]} for owner in owners.tolist()),
    )
    places_had = {name: _had(each, held, num_allowed) for name, each in lists.items()}
    places = sum(int((each >= 0).sum()) for each in lists.values())
    had = {name: int(each.sum()) for name, each in places_had.items()}
    yield Finding(
        check=ANSWERED,
        severity="warning" if any(had.values()) else "none",
        sentence=f"{sum(had.values()):,} of {places:,} places in the lists of {len(lists)} models hold an item of the "
        "user's history although enough others were left.",
        evidence=tuple({"model": name, "places": count} for name, count in had.items() if count)[:MOST_ROWS],
    )


def _had(items: Array, held: HeldOut, num_allowed: int) -> Array:
    """bool [U, k], places that hold what the user had, where something else was left for every place."""
    could_be_new = num_allowed - held.history.lengths >= items.shape[1]
    had = np.isin(_numbered(np.arange(len(held))[:, None], items), _pairs(held.history))
    return had & (items >= 0) & could_be_new[:, None]


def _pairs(items: Ragged) -> Array:
    return _numbered(items.row_of_value(), items.values)


def _numbered(rows: Array, items: Array) -> Array:
    """One number for each user and item."""
    return rows << 40 | items
