"""What was suggested for the items of a shop."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pv

from winnow.ops.label_check import LabelCheck
from winnow.schema.errors import DataError

SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelReport:
    """Suggestions, and how far to trust them.

    Attributes:
        feature: that lacks values.
        labels: that were chosen from.
        num_items: of the shop.
        num_missing: items without a value; no other is in `rows`.
        rows: item_id, title (string), rank (int64, from 1), suggestion (string), score (float64, 0 to 1, four digits).
        check: None where no item could be checked.
    """

    feature: str
    labels: Sequence[str]
    num_items: int
    num_missing: int
    rows: pa.Table
    check: LabelCheck | None

    def lines(self) -> list[str]:
        """The report in sentences."""
        return [*self._told(), *(self.check.lines() if self.check else ["No item could be checked."])]

    def _told(self) -> list[str]:
        if not self.num_missing:
            return [f"Each of the {self.num_items} items has a {self.feature}; there is nothing to suggest."]
        lack = f"{self.num_missing} of {self.num_items} items have no {self.feature}"
        given = self.rows["item_id"].combine_chunks().unique()
        bare = self.num_missing - len(given)
        silent = f"; {bare} of them have nothing to tell it from" if bare else ""
        return [f"{lack}{silent}. Labels to choose from: {len(self.labels)}."]

    def first_rows(self) -> list[str]:
        """Some suggestions, one a line, for people who look."""
        lines = [
            f"{row['score']:.2f}  {row['suggestion']:<20}  {row['item_id']}  {row['title'] or ''}"
            for row in self.rows.slice(0, SHOWN).to_pylist()
        ]
        more = self.rows.num_rows - SHOWN
        return [*lines, f"and {more} more; --out FILE.csv writes all."] if more > 0 else lines

    def write(self, file: Path) -> None:
        """Writes the rows as CSV; the file appears whole or not at all.

        Raises:
            DataError: there is a file already.
            OSError: it cannot be written.
        """
        check_new_file(file)
        with tempfile.TemporaryDirectory(dir=file.parent, prefix=f".{file.name}.") as scratch:
            new = Path(scratch) / "new"
            pv.write_csv(self.rows, new)
            new.replace(file)


def check_new_file(file: Path) -> None:
    """Keeps suggestions from taking the place of what a shop said.

    Raises:
        DataError: there is something under that name.
    """
    if file.exists():
        raise DataError(f"{file} is there already; nothing was written. Give another name, or take it away.")
