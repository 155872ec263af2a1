"""Collects all problems of an import, so that a user meets them at once and not one per run."""

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from winnow.data.origin import origin_of
from winnow.data.report import Action, Finding
from winnow.schema.column import Bools
from winnow.schema.errors import DataError

LONGEST_VALUE = 80


@dataclass(slots=True, kw_only=True)
class Ledger:
    """What the checks have found so far.

    Attributes:
        findings: problems that leave usable data.
        errors: sentences about problems that do not.
    """

    findings: list[Finding] = field(default_factory=list[Finding])
    errors: list[str] = field(default_factory=list[str])

    def note(self, name: str, table: pa.Table, rows: Bools, problem: str, action: Action) -> None:
        """Record the marked rows, if there are any, as something to know about."""
        count = int(rows.sum())
        if count:
            self.findings.append(
                Finding(table=name, problem=problem, count=count, example=example_of(table, rows), action=action)
            )

    def refuse(self, name: str, table: pa.Table, rows: Bools, problem: str, remedy: str) -> None:
        """Record the marked rows, if there are any, as an error."""
        count = int(rows.sum())
        if count:
            example = example_of(table, rows)
            self.errors.append(f"In {name}, {count:,} of {table.num_rows:,} {problem}: first {example}. {remedy}")

    def drop(self, name: str, table: pa.Table, rows: Bools, problem: str, remedy: str) -> None:
        """Record the marked rows as dropped, or as an error when they are more than half of the table."""
        if 2 * int(rows.sum()) > table.num_rows:
            self.refuse(name, table, rows, problem, f"That is more than half, too many to drop. {remedy}")
        else:
            self.note(name, table, rows, problem, "dropped")

    def fail(self, sentence: str) -> None:
        """Record an error that is not about rows."""
        self.errors.append(sentence)

    def close(self, source: str) -> None:
        """Raise a DataError with every error so far, if there is one."""
        if self.errors:
            problems = "1 problem" if len(self.errors) == 1 else f"{len(self.errors)} problems"
            listed = "\n".join(f"- {sentence}" for sentence in self.errors)
            raise DataError(f"The data in {source} cannot be used, {problems}:\n{listed}")


def example_of(table: pa.Table, rows: Bools) -> str:
    """The first marked row as text: its place and its values."""
    row = int(np.argmax(rows))
    values = table.slice(row, 1).to_pylist()[0]
    return f"{origin_of(table, row)} ({', '.join(f'{name}={short(value)}' for name, value in values.items())})"


def short(value: object) -> str:
    """A value as text that fits in a sentence."""
    text = "missing" if value is None else str(value)
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…"
