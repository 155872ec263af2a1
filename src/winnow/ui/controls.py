"""The drawer of what a visitor may turn: who they are, from where and when they come, and how the list is made."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any

from nicegui import ui

from winnow.api.catalogue import CatalogueRequest
from winnow.api.shop import Leeway
from winnow.ui.address_number import MAX_SHOWN
from winnow.ui.fault import Fault
from winnow.ui.field import bounds, choice, choices
from winnow.ui.shop import Shop
from winnow.ui.site import Site
from winnow.ui.slider import slider
from winnow.ui.visit import Visit, new_session
from winnow.ui.wanted import bounds_of, chosen, said, with_filter

DAYS = dict(enumerate(("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")))
HOURS = {hour: f"{hour:02d}:00 UTC" for hour in range(24)}
NOW = {None: "Now"}
UNKNOWN = {"": "Unknown"}
STEP = 0.05
"""Of diversity and of exploration."""
ANY: Leeway = {"min": 0.0, "max": 1.0, "default": 0.0}
"""Where nothing of it may be asked for, or nobody knows."""
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
            when, how, only = (ui.element("div").classes("drawer-part") for _ in range(3))
        shop, listed = await asyncio.gather(
            self.site.shop.ask(),
            self.site.service.ask(lambda client: client.catalogue(CatalogueRequest(limit=0))),
        )
        with when:
            self._when(shop)
        with how:
            self._how(shop)
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

    def _when(self, shop: Shop) -> None:
        visit = self.visit()
        ui.label("Moment").classes("drawer-title")
        # What an address tells and the bundle does not know stays to be taken back.
        for name, values in (dict.fromkeys(visit.context, ()) | {**shop.context}).items():
            if values or name in visit.context:
                known = UNKNOWN | {value: said(value) for value in values}
                choice(said(name), known, visit.context.get(name, ""), self._teller(name))
        choice("Weekday", NOW | DAYS, visit.weekday, self._setter("weekday", "Another weekday"))
        choice("Time of day", NOW | HOURS, visit.hour, self._setter("hour", "Another time"))

    def _how(self, shop: Shop) -> None:
        visit = self.visit()
        ui.label("List").classes("drawer-title")
        long = self._setter("k", "Another length")
        slider("Items", visit.k, (1, MAX_SHOWN, 1), lambda k: long(int(k or 1)))
        for label, name, value in (
            ("Diversity", "diversity", visit.diversity),
            ("Exploration", "explore", visit.explore),
        ):
            turned = self._setter(name, f"Another {label.lower()}")
            leeway = shop.leeway.get(name) or ANY
            limits = (leeway["min"], leeway["max"], STEP)
            slider(label, value, limits, turned, refusal=shop.shut(name), default=leeway["default"])

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

    def _teller(self, name: str) -> Callable[[Any], Awaitable[None]]:
        def told(value: str) -> Awaitable[None]:
            others = {other: known for other, known in self.visit().context.items() if other != name}
            context = others | ({name: value} if value else {})
            return self._turned(replace(self.visit(), context=context), f"Another {said(name).lower()}")

        return told

    def _setter(self, name: str, what: str) -> Callable[[Any], Awaitable[None]]:
        return lambda value: self._turned(replace(self.visit(), **{name: value}), what)

    async def _turned(self, visit: Visit, what: str) -> None:
        if visit != self.visit():
            self._drawn_for = visit
            await self.take(visit, what)
