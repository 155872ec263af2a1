"""The drawer of what a visitor may turn: who they are, from where and when they come, and how the list is made."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from nicegui import ui

from winnow.api.catalogue import CatalogueRequest
from winnow.ui.fault import Fault
from winnow.ui.field import bounds, choice, choices
from winnow.ui.leeway import refusals
from winnow.ui.site import Site
from winnow.ui.slider import slider
from winnow.ui.visit import MAX_SHOWN, Visit, new_session
from winnow.ui.wanted import bounds_of, chosen, said, with_filter

DEVICES = {"": "Unknown", "mobile": "Mobile", "desktop": "Desktop", "tablet": "Tablet"}
DAYS = dict(enumerate(("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")))
HOURS = {hour: f"{hour:02d}:00 UTC" for hour in range(24)}
NOW = {None: "Now"}
NEW = object()
"""Chosen for a user whom nobody has heard of."""
FEW = 40
"""Values of one feature that are offered, the most frequent ones."""
Now = Callable[[], Visit]
Take = Callable[[Visit, str], Awaitable[None]]


@dataclass(slots=True, kw_only=True, repr=False)
class Controls:
    """Drawn when they are opened first, since most visitors never do; whatever is turned counts at once.

    Attributes:
        site: of all pages.
        visit: as it is at the time of a turn.
        take: called with the visit after it, and with what was turned.
        drawer: they are in.
    """

    site: Site
    visit: Now
    take: Take
    drawer: ui.right_drawer
    _drawn_for: Visit | None = field(default=None, init=False)

    async def toggle(self) -> None:
        """Opens or closes the drawer."""
        self.drawer.toggle()
        await self.follow()

    async def follow(self) -> None:
        """Shows the visit as it is, where something else than they has changed it."""
        if self.drawer.value and self._drawn_for != self.visit():
            await self._draw()

    async def _draw(self) -> None:
        self._drawn_for = self.visit()
        self.drawer.clear()
        with self.drawer:
            self._who()
            self._when()
            ui.label("List").classes("drawer-title")
            how, only = ui.element("div").classes("drawer-part"), ui.element("div").classes("drawer-part")
        refused, listed = await asyncio.gather(
            refusals(self.site.service),
            self.site.service.ask(lambda client: client.catalogue(CatalogueRequest(limit=0))),
        )
        with how:
            self._how(refused)
        with only:
            self._only(listed)

    def _who(self) -> None:
        ui.label("Visitor").classes("drawer-title")
        known = {"": "No name, a new session", NEW: "A new user"} | {user: user for user in self.site.settings.users}

        async def take_user(user: Any) -> None:
            name = f"new-{new_session()[:6]}" if user is NEW else str(user)
            if name != self.visit().user_id or not name:
                await self._turned(self.site.as_user(self.visit(), name), "Another visitor")
                await self._draw()

        choice("User", known, self.visit().user_id, take_user)
        asked = ui.input("Any user id").classes("wide").props("dense outlined")

        async def take_asked() -> None:
            if user := (asked.value or "").strip():
                await take_user(user)

        asked.on("keydown.enter", take_asked)

    def _when(self) -> None:
        visit = self.visit()
        ui.label("Moment").classes("drawer-title")
        choice("Device", DEVICES, visit.device, self._setter("device", "Another device"))
        choice("Weekday", NOW | DAYS, visit.weekday, self._setter("weekday", "Another weekday"))
        choice("Time of day", NOW | HOURS, visit.hour, self._setter("hour", "Another time"))

    def _how(self, refused: Mapping[str, str]) -> None:
        visit = self.visit()
        long = self._setter("k", "Another length")
        slider("Items", visit.k, (1, MAX_SHOWN, 1), lambda k: long(int(k or 1)), is_optional=False)
        for label, name, value in (
            ("Diversity", "diversity", visit.diversity),
            ("Exploration", "explore", visit.explore),
        ):
            turned = self._setter(name, f"Another {label.lower()}")
            slider(label, value, (0, 1, 0.05), turned, refusal=refused.get(name, ""))

    def _only(self, listed: Any) -> None:
        ui.label("Only").classes("drawer-title")
        if isinstance(listed, Fault):
            ui.label(f"{listed.title}: {listed.sentence}").classes("muted")
            return
        for name, counts in listed["facets"].items():
            options = {value: f"{value} ({count})" for value, count in [*counts.items()][:FEW]}
            choices(said(name), options, chosen(self.visit(), name), self._filter(name))
        for name, limits in listed["ranges"].items():
            bounds(said(name), (limits["min"], limits["max"]), bounds_of(self.visit(), name), self._filter(name))

    def _filter(self, name: str) -> Callable[[Any], Awaitable[None]]:
        return lambda wanted: self._turned(
            with_filter(self.visit(), name, wanted), f"Another choice of {said(name).lower()}"
        )

    def _setter(self, name: str, what: str) -> Callable[[Any], Awaitable[None]]:
        return lambda value: self._turned(replace(self.visit(), **{name: value}), what)

    async def _turned(self, visit: Visit, what: str) -> None:
        if visit != self.visit():
            self._drawn_for = visit
            await self.take(visit, what)
