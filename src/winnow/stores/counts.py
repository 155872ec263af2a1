"""What was counted of events, by item: beside popularity, what is trending, what is new, and what goes together."""

import json
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from winnow.schema.column import Array
from winnow.schema.errors import BundleError
from winnow.stores.neighbours import Neighbours

CARD_NAME = "counts.json"
NEIGHBOURS = "covisited"
"""Folder of the neighbours inside the part."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Counted of the positive events before an instant; nothing in here knows of a later one.

    Attributes:
        until: the instant, UTC seconds.
        half_life_s: after which an event weighs half.
        trending: float32 [I], events weighted by age as of `until`.
        first_at: float64 [I], when the item was first had; +inf for one that was not yet.
        repeats: share of the events that repeat an item of the same user, 0 to 1.
        covisited: which items are had by the same users.
    """

    until: float
    half_life_s: float
    trending: Array
    first_at: Array
    repeats: float
    covisited: Neighbours

    def with_new(self, num_items: int) -> "Counts":
        """The same for a catalogue to which items were appended, which nobody had yet."""
        new = num_items - len(self.trending)
        return replace(
            self,
            trending=np.concatenate([self.trending, np.zeros(new, np.float32)]),
            first_at=np.concatenate([self.first_at, np.full(new, np.inf)]),
            covisited=self.covisited.with_new(num_items),
        )

    def save(self, folder: Path) -> None:
        """Writes into an existing folder."""
        np.save(folder / "trending.npy", self.trending, allow_pickle=False)
        np.save(folder / "first_at.npy", self.first_at, allow_pickle=False)
        card = {"until": self.until, "half_life_s": self.half_life_s, "repeats": self.repeats}
        (folder / CARD_NAME).write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")
        (folder / NEIGHBOURS).mkdir()
        self.covisited.save(folder / NEIGHBOURS)

    @staticmethod
    def load(folder: Path, num_items: int) -> "Counts":
        """Reads what `save` wrote.

        Raises:
            BundleError: they are of another catalogue, or the card is not one.
        """
        trending = np.load(folder / "trending.npy", allow_pickle=False)
        first_at = np.load(folder / "first_at.npy", allow_pickle=False)
        covisited = Neighbours.load(folder / NEIGHBOURS, num_items)
        try:
            card = json.loads((folder / CARD_NAME).read_text(encoding="utf-8"))
            return Counts(**card, trending=trending, first_at=first_at, covisited=covisited)
        except (OSError, ValueError, TypeError) as error:
            raise BundleError(
                f"{folder / CARD_NAME} is not the card of counts ({error}); train the bundle again."
            ) from error
