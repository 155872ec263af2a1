"""`winnow serve --check`."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from winnow.cli.printing import console, notes

if TYPE_CHECKING:
    from collections.abc import Iterable


def check(bundle: Path | None, file: Path | None, options: Mapping[str, Any]) -> None:
    """Prints every setting, where it comes from, and whether a service could start with them; ends with 1 if not."""
    from winnow.serving.process.service_check import check_service
    from winnow.serving.settings.setting import declared_settings
    from winnow.serving.settings.settings import Settings, told

    said = told(file=file, options=options)
    settings = Settings(**said.values)
    rows = [
        (each.variable, each.shown(getattr(settings, each.attribute)), said.origins.get(each.attribute, "default"))
        for each in declared_settings(Settings)
    ]
    _print(rows)
    for stray in said.strays:
        notes.print(stray, style="yellow", markup=False, highlight=False, soft_wrap=True)
    found = list(check_service(settings, bundle))
    console.print()
    _print((each.name, "good" if each.is_good else "BAD", each.found) for each in found)
    if not all(each.is_good for each in found):
        raise typer.Exit(1)


def _print(rows: "Iterable[tuple[str, str, str]]") -> None:
    listed = list(rows)
    first, second = (max(len(row[column]) for row in listed) for column in (0, 1))
    for row in listed:
        line = f"{row[0]:<{first}}  {row[1]:<{second}}  {row[2]}"
        console.print(line, markup=False, highlight=False, soft_wrap=True)
