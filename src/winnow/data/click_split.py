"""Rows to learn from, rows to stop by and rows to judge by: cuts in time, so that nobody trains on the future."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from winnow.data.click_table import ClickTable
from winnow.schema.errors import DataError


@dataclass(frozen=True, slots=True, kw_only=True)
class ClickSplit:
    """A table in two or three parts, each after the one before it.

    Attributes:
        train: the first rows.
        validation: the rows between, on which training may be stopped; None where none were asked for.
        test: the last rows.
        warnings: sentences about parts in which there are no clicks, or nothing but clicks.
    """

    train: ClickTable
    validation: ClickTable | None
    test: ClickTable
    warnings: tuple[str, ...]


def split_clicks(table: ClickTable, test: float = 0.2, validation: float = 0.0) -> ClickSplit:
    """Cut a table in time.

    Args:
        table: its rows are in the order of time already where it has no instants; otherwise they are put in order, rows
            of one instant as they were.
        test: share of all rows that come last, between 0 and 1.
        validation: share of the rest that come last in it, from 0 to below 1; 0 for no such part.

    Raises:
        DataError: a share is out of its range, or a part would have no row.
    """
    _check_shares(test, validation)
    ordered = _in_order(table)
    end_of_rest = len(table) - round(len(table) * test)
    end_of_train = end_of_rest - round(end_of_rest * validation)
    parts = {"training": ordered.slice(0, end_of_train), "test": ordered.slice(end_of_rest, len(table))}
    if validation:
        parts["validation"] = ordered.slice(end_of_train, end_of_rest)
    if empty := [name for name, part in parts.items() if not len(part)]:
        raise DataError(
            f"Of the {len(table):,} rows none is left for the {empty[0]} part (test {test:g}, validation "
            f"{validation:g} of the rest); bring more rows or choose other shares."
        )
    return ClickSplit(
        train=parts["training"],
        validation=parts.get("validation"),
        test=parts["test"],
        warnings=tuple(warning for name, part in parts.items() for warning in _warnings(name, part)),
    )


def _check_shares(test: float, validation: float) -> None:
    if not 0 < test < 1 or not 0 <= validation < 1:
        raise DataError(
            f"The share for the test is {test:g} and the share for validation {validation:g}; wanted are a number "
            "above 0 and below 1, and one from 0 to below 1."
        )


def _in_order(table: ClickTable) -> ClickTable:
    if table.at is None or bool((table.at[1:] >= table.at[:-1]).all()):
        return table
    return table.take(np.argsort(table.at, kind="stable"))


def _warnings(name: str, part: ClickTable) -> Iterator[str]:
    if part.positives in (0, len(part)):
        what = "positive" if not part.positives else "negative"
        yield (
            f"None of the {len(part):,} rows of the {name} part is {what}, so that it cannot tell a good model from a "
            "bad one; choose another share or bring more rows."
        )
