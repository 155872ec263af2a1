"""What is odd about one column as a whole, and does not keep a table from being used."""

from collections.abc import Iterator, Sequence

from winnow.data.report import Finding


def column_findings(
    table: str, name: str, rows: int, present: int, distinct: Sequence[str | None]
) -> Iterator[Finding]:
    """A column that is all missing, or has a single value.

    Args:
        table: name of the table.
        name: of the column.
        rows: of the table.
        present: rows in which the column is not missing.
        distinct: of its values as text, up to two different ones.
    """
    if not present:
        yield kept(table, f"rows have no value in '{name}', which says nothing", rows, f"{name} is missing")
    elif len(distinct) == 1:
        yield kept(
            table, f"rows have the same value in '{name}', and no row has another", present, f"{name}={distinct[0]}"
        )


def kept(table: str, problem: str, count: int, example: str) -> Finding:
    """A finding that changes nothing in the table."""
    return Finding(table=table, problem=problem, count=count, example=example, action="kept")
