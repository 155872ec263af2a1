"""Results for people and for programs."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from rich.table import Table

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


def write(results: Sequence[Result], path: Path) -> None:
    """Replace the file by a JSON list of rows."""
    path.write_text(json.dumps([asdict(result) for result in results], indent=2) + "\n")
