"""Fields of a form, each named, each counting as soon as it is turned."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from nicegui import ui

Turned = Callable[[Any], Awaitable[None]]
LOOK = "dense outlined options-dense"


def choice(label: str, options: Mapping[Any, str], value: Any, turned: Turned) -> ui.select:
    """One of several; what an address says and nobody offers is among them."""
    known = {**options} if value in options else {**options, value: f"{value}"}
    return (
        ui.select(known, label=label, value=value, on_change=lambda event: turned(event.value))
        .classes("wide")
        .props(LOOK)
    )


def choices(label: str, options: Mapping[Any, str], values: Sequence[Any], turned: Turned) -> ui.select:
    """Any of several."""
    known = {value: f"{value}" for value in values} | {**options}
    select = ui.select(
        known, label=label, value=list(values), multiple=True, on_change=lambda event: turned(list(event.value or []))
    )
    return select.classes("wide").props(f"{LOOK} use-chips")


def bounds(label: str, limits: tuple[float, float], wanted: Mapping[str, float], turned: Turned) -> None:
    """The least and the greatest value of a number; empty fields bound nothing.

    Args:
        label: what the number is.
        limits: what there is, shown where nothing was said.
        wanted: `min`, `max`, both or neither.
        turned: called with such a mapping.
    """

    async def settle() -> None:
        now = {name: each.value for name, each in fields.items() if each.value is not None}
        if now != wanted:
            await turned(now)

    fields: dict[str, ui.number] = {}
    with ui.element("div").classes("bounds").props("role=group") as group:
        group.props["aria-label"] = label
        for name, words, limit in (("min", "from", limits[0]), ("max", "to", limits[1])):
            field = ui.number(f"{label} {words}", value=wanted.get(name), placeholder=f"{limit:g}", min=0)
            fields[name] = field.props("dense outlined stack-label")
            # Once it is said in full, not for each digit.
            field.on("blur", settle).on("keydown.enter", settle)
