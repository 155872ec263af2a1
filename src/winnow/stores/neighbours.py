"""Which items go together: a short list of neighbours for each item."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from winnow.schema.column import Array, offsets_of
from winnow.schema.errors import BundleError

FILES = ("items", "weights", "offsets")


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbours:
    """Neighbours of I items.

    Attributes:
        items: int32 [M] item rows; the neighbours of row `i` are `items[offsets[i]:offsets[i + 1]]`.
        weights: float32 [M], how much each goes with its item; of any sign.
        offsets: int64 [I + 1].
    """

    items: Array
    weights: Array
    offsets: Array

    @property
    def num_items(self) -> int:
        """I."""
        return len(self.offsets) - 1

    def of(self, rows: Array) -> tuple[Array, Array, Array]:
        """Neighbours of some rows, one after the other: items int64 [N], weights [N], and offsets int64 [R + 1]."""
        starts = self.offsets.take(rows)
        lengths = self.offsets.take(rows + 1) - starts
        ends = offsets_of(lengths)
        places = np.repeat(starts - ends[:-1], lengths)
        places += np.arange(len(places))
        return self.items.take(places).astype(np.int64), self.weights.take(places), ends

    def with_new(self, num_items: int) -> "Neighbours":
        """The same for a catalogue to which items were appended, which have no neighbours yet."""
        added = np.full(num_items - self.num_items, self.offsets[-1])
        return Neighbours(items=self.items, weights=self.weights, offsets=np.concatenate([self.offsets, added]))

    def save(self, folder: Path) -> None:
        """Writes three arrays into an existing folder."""
        for name in FILES:
            np.save(folder / f"{name}.npy", getattr(self, name), allow_pickle=False)

    @staticmethod
    def load(folder: Path, num_items: int) -> "Neighbours":
        """Opens what `save` wrote; the arrays are memory-mapped.

        Raises:
            BundleError: they are of another catalogue.
        """
        # Plain arrays over the mapped files: np.memmap itself pays for its class at every gather.
        arrays = {
            name: np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False)) for name in FILES
        }
        found = Neighbours(**arrays)
        if found.num_items != num_items:
            raise BundleError(
                f"The neighbours in {folder} are of {found.num_items} items, and the catalogue has {num_items}. Parts "
                "of two bundles were mixed; use a bundle as it was written."
            )
        return found
