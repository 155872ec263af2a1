"""Results for people and for programs."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from rich.table import Table

from benchmarks.refused import RefusedError
from benchmarks.result import Result


def table(results: Sequence[Result]) -> Table:
    """One row for each result."""
    drawn = Table("name")
    drawn.add_column("value", justify="right")
    drawn.add_column("better")
    drawn.add_column("how")
    for result in results:
        drawn.add_row(result.name, f"{result.value:,.4g} {result.unit}", result.better, result.how)
    return drawn


def merge(results: Sequence[Result], path: Path) -> None:
    """Write a JSON list of rows: the rows of the file that no new one replaces by its name, and the new ones.

    Raises:
        RefusedError: the file holds something else; it is left as it is.
    """
    rows = {result.name: result for result in [*stored(path), *results]}
    partial = path.with_name(f".{path.name}.partial")
    partial.write_text(json.dumps([asdict(row) for row in rows.values()], indent=2) + "\n", encoding="utf-8")
    partial.replace(path)


def stored(path: Path) -> list[Result]:
    """The rows of earlier runs, none where there is no file.

    Raises:
        RefusedError: the file holds something else.
    """
    if not path.exists():
        return []
    problem = f"{path} does not hold the results of benchmarks; move it away or name another file"
    try:
        rows = json.loads(path.read_bytes()) if path.is_file() else None
        found = [Result(**row) for row in rows] if isinstance(rows, list) else None
    except (ValueError, TypeError) as error:
        raise RefusedError(f"{problem}. It says: {error}") from error
    if found is None:
        raise RefusedError(f"{problem}.")
    return found
