"""The drawer of what a visitor may turn: who they are, from where and when they come, and how the list is made."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from nicegui import ui

from winnow.ui.site import Site
from winnow.ui.visit import MAX_SHOWN, Visit

DEVICES = {"": "Unknown", "mobile": "Mobile", "desktop": "Desktop", "tablet": "Tablet"}
DAYS = dict(enumerate(("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")))
HOURS = {hour: f"{hour:02d}:00 UTC" for hour in range(24)}
NOW = {None: "Now"}
BY_RECIPE = "As the recipe says"
Now = Callable[[], Visit]
Take = Callable[[Visit, str], Awaitable[None]]


def controls(site: Site, visit: Now, take: Take) -> None:
    """Draws them into the drawer; whatever is turned counts at once.

    Args:
        site: of all pages.
        visit: as it is at the time of a turn.
        take: called with the visit after it, and with what was turned.
    """
    ui.label("Visitor").classes("drawer-title")
    _who(site, visit, take)
    ui.label("Moment").classes("drawer-title")
    _choice("Device", DEVICES, visit().device, lambda device: take(replace(visit(), device=device), "Another device"))
    _choice("Weekday", NOW | DAYS, visit().weekday, lambda day: take(replace(visit(), weekday=day), "Another weekday"))
    _choice("Time of day", NOW | HOURS, visit().hour, lambda hour: take(replace(visit(), hour=hour), "Another time"))
    ui.label("List").classes("drawer-title")
    _slider("Items", visit().k, (1, MAX_SHOWN, 1), lambda k: take(replace(visit(), k=int(k)), "Another length"))
    _slider(
        "Diversity", visit().diversity, (0, 1, 0.05), lambda share: take(replace(visit(), diversity=share), "Diversity")
    )
    _slider("Exploration", visit().explore, (0, 1, 0.05), lambda t: take(replace(visit(), explore=t), "Exploration"))


def _who(site: Site, visit: Now, take: Take) -> None:
    known = {"": "A new visitor"} | {user: user for user in site.settings.users}
    chosen = known | ({visit().user_id: visit().user_id})
    _choice("User", chosen, visit().user_id, lambda user: take(site.as_user(visit(), user), "Another visitor"))
    asked = ui.input("Any user id").classes("wide").props("dense outlined")

    async def take_asked() -> None:
        if user := (asked.value or "").strip():
            await take(site.as_user(visit(), user), "Another visitor")

    asked.on("keydown.enter", take_asked)


def _choice(label: str, options: dict[Any, str], value: Any, turned: Callable[[Any], Awaitable[None]]) -> None:
    ui.select(options, label=label, value=value, on_change=lambda event: turned(event.value)).classes("wide").props(
        "dense outlined options-dense"
    )


def _slider(
    label: str, value: float | None, limits: tuple[float, float, float], turned: Callable[[float], Awaitable[None]]
) -> None:
    least, most, step = limits
    with ui.element("div").classes("slider"):
        with ui.element("div").classes("slider-words"):
            ui.label(label)
            told = ui.label(BY_RECIPE if value is None else f"{value:g}").classes("muted")
        slider = ui.slider(min=least, max=most, step=step, value=least if value is None else value)
        slider.props["aria-label"] = label

    async def settle() -> None:
        told.text = f"{slider.value:g}"
        await turned(float(slider.value or 0))

    # Once the hand is off it, not for each step on the way.
    slider.on("change", settle)
