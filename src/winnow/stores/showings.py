"""What was shown lately and what was clicked of it, by item and by what items are."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from winnow.schema.column import Array
from winnow.schema.errors import BundleError
from winnow.stores.shown_figures import ShownFigures

CARD_NAME, FILE_NAME = "showings.json", "showings.npz"
FIGURES = 2
"""Of each table and half-life."""
CLICKS = 5.0
"""Clicks at the usual rate that everything begins with, so that what was shown little is thought to be as usual."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Showings:
    """Looks and clicks as of an instant, each weighing half after a half-life; nothing in here knows of a later one.

    Attributes:
        until: the instant, UTC seconds.
        half_lives_days: H of them, above 0.
        columns: places of the item codes that are counted besides the items themselves.
        items: float32 [2, I, H], looks at each item and clicks on it.
        codes: float32 [2, K, H] for each of the columns, likewise by code.
    """

    until: float
    half_lives_days: tuple[float, ...]
    columns: tuple[int, ...]
    items: Array
    codes: tuple[Array, ...]

    @property
    def width(self) -> int:
        """Columns of `figures`."""
        return FIGURES * len(self.half_lives_days) * (1 + len(self.columns)) + 1

    def figures(self, codes: Array, rows: Array) -> Array:
        """What is known of some items.

        Args:
            codes: int32 [I, Fc], of all items.
            rows: int64 [N].

        Returns:
            float32 [N, width]: of the item and of each of its codes, for every half-life, the logarithm of its rate of
            clicks beside that of everything, and the logarithm of how often it was looked at beside the mean; and
            behind those of the item 1 where nobody looked at it though at others, else 0.
        """
        tables = zip(self.codes, self.columns, strict=True)
        of_codes = (_figures(table, codes[rows, column]) for table, column in tables)
        return np.concatenate([_own_figures(self.items, rows), *of_codes], axis=1)

    def figured(self) -> ShownFigures:
        """The figures of everything."""
        with_others: Array = np.pad(self.items, ((0, 0), (0, 1), (0, 0)))
        return ShownFigures.of(
            columns=self.columns,
            items=_own_figures(with_others, np.arange(len(with_others[0]))),
            codes=tuple(_figures(each, np.arange(len(each[0]))) for each in self.codes),
        )

    def save(self, folder: Path) -> None:
        """Writes into an existing folder."""
        card = {"until": self.until, "half_lives_days": self.half_lives_days, "columns": self.columns}
        (folder / CARD_NAME).write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")
        np.savez(folder / FILE_NAME, self.items, *self.codes)

    @staticmethod
    def load(folder: Path, num_items: int) -> "Showings":
        """Reads what `save` wrote.

        Raises:
            BundleError: they are of another catalogue, or cannot be read.
        """
        try:
            card = json.loads((folder / CARD_NAME).read_text(encoding="utf-8"))
            with (folder / FILE_NAME).open("rb") as file, np.load(file, allow_pickle=False) as content:
                items, *codes = (content[name] for name in content.files)
            found = Showings(
                until=card["until"],
                half_lives_days=tuple(card["half_lives_days"]),
                columns=tuple(card["columns"]),
                items=items,
                codes=tuple(codes),
            )
            _check(found)
        except (OSError, EOFError, BadZipFile, ValueError, TypeError, KeyError) as error:
            raise BundleError(f"The showings in {folder} cannot be read ({error}); train the bundle again.") from error
        if found.items.shape[1] != num_items:
            raise BundleError(
                f"The showings in {folder} are of {found.items.shape[1]} items, and the catalogue has {num_items}. "
                "Parts of two bundles were mixed; use a bundle as it was written."
            )
        return found


def no_showings(
    half_lives_days: Sequence[float], columns: Sequence[int], num_items: int, sizes: Sequence[int]
) -> Showings:
    """Nothing was shown yet.

    Args:
        half_lives_days: H of them.
        columns: of codes.
        num_items: I.
        sizes: codes of each of the columns.
    """
    halves = len(half_lives_days)
    return Showings(
        until=-np.inf,
        half_lives_days=tuple(half_lives_days),
        columns=tuple(columns),
        items=np.zeros((2, num_items, halves), np.float32),
        codes=tuple(np.zeros((2, size, halves), np.float32) for size in sizes),
    )


def _check(found: Showings) -> None:
    wanted = (3, 2, len(found.half_lives_days))
    fits = all((each.ndim, *each.shape[::2]) == wanted for each in (found.items, *found.codes))
    if not fits or len(found.codes) != len(found.columns):
        raise ValueError("the tables are not those of the card")


def _own_figures(table: Array, places: Array) -> Array:
    """float32 [N, FIGURES H + 1], of items."""
    looked = table[0].any(axis=1)
    unshown = ~looked[places] & looked.any()
    return np.column_stack([_figures(table, places), unshown.astype(np.float32)])


def _figures(table: Array, places: Array) -> Array:
    """float32 [N, FIGURES H], of a table [2, K, H] at N places."""
    all_looks, all_clicks = table.sum(axis=1)
    rate = all_clicks / np.maximum(all_looks, 1e-9)
    mean = all_looks / np.maximum(np.count_nonzero(table[0], axis=0), 1)
    looks, clicks = table[:, places]
    clicked = np.log((clicks + CLICKS) / (looks * rate + CLICKS))
    shown = np.log((looks + 1) / (mean + 1))
    return np.concatenate([clicked, shown], axis=1, dtype=np.float32)
