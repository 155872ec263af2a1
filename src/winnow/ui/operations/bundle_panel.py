"""The bundle in service: what it is, what stands beside it, and what may be done about it."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from nicegui import ui

from winnow.api.bundles import BundleStatus
from winnow.ui.fault import Fault
from winnow.ui.notice import fault_notice, notice
from winnow.ui.operations.move import ROLL_BACK, SWAP, Move, moves_of
from winnow.ui.operations.move_dialog import confirmed
from winnow.ui.operations.told_bundle import ToldBundle
from winnow.ui.operations.words import NONE, ago, day_of, number, percent
from winnow.ui.site import Site

PATIENCE_S = 120.0
"""For a move: every worker opens the bundle and tries it first."""
LOOKING = "You may look. To swap, shadow, canary and roll back from here, start the pages with winnow ui --operate."
Moved = Callable[[], Awaitable[None]]


@dataclass(slots=True, kw_only=True)
class BundlePanel:
    """The head of the page.

    Attributes:
        site: of all pages.
        moved: called when another bundle may serve.
    """

    site: Site
    moved: Moved
    _box: ui.element = field(init=False)
    _told: ui.element = field(init=False)

    def draw(self) -> None:
        """Draws it into whatever is open, empty."""
        self._told = ui.element("div").props("role=status")
        self._box = ui.element("section").classes("hero")

    def show(self, bundle: ToldBundle, status: BundleStatus | Fault) -> None:
        """Shows what serves, and what may be done if the pages have the key for it."""
        self._box.clear()
        with self._box:
            with ui.element("div").classes("hero-words"):
                ui.label("In service").classes("eyebrow")
                with ui.element("h2").classes("hero-name"):
                    ui.label(bundle.name)
                _facts(bundle, status)
            if isinstance(status, Fault):
                fault_notice(status)
                return
            self._moves(status)
            if status["candidate"]:
                _candidate(status)

    def _moves(self, status: BundleStatus) -> None:
        if not self.site.settings.may_operate:
            ui.label(LOOKING).classes("muted hero-moves")
            return
        with ui.element("div").classes("hero-moves"):
            for move in moves_of(status):
                button = (
                    ui.element("button").classes(f"button {'' if move is SWAP else 'is-quiet'}").props("type=button")
                )
                button.on("click", partial(self._do, move, status), args=[])
                with button:
                    before = status["previous"]
                    ui.label(f"{move.name} to {before['name']}" if move is ROLL_BACK and before else move.name)

    async def _do(self, move: Move, status: BundleStatus) -> None:
        candidate, previous = status["candidate"], status["previous"]
        # The one before is no candidate, the service says; it may only serve again.
        likely = candidate["name"] if candidate else previous["name"] if previous and move is SWAP else ""
        with self._box:
            said = await confirmed(move, likely)
        if said is None:
            return
        name, share = said
        self._say("It is being done", "Every worker opens the bundle and tries it first.", "hourglass_empty")
        answer = await self.site.service.manage(lambda client: move.run(client, name, share), PATIENCE_S)
        if isinstance(answer, Fault):
            self._told.clear()
            with self._told:
                fault_notice(answer)
            return
        self._say(move.done.format(name), _answered(answer), "check_circle")
        await self.moved()

    def _say(self, words: str, sentence: str, icon: str) -> None:
        self._told.clear()
        with self._told:
            notice(words, sentence, icon=icon)


def _answered(status: BundleStatus) -> str:
    current, workers = status["current"]["bundle"], status["workers"]
    answering = sum(each["bundle"] == current for each in workers)
    where = "the worker" if len(workers) == 1 else f"{answering} of {len(workers)} workers"
    return f"{current} answers in {where}."


def _facts(bundle: ToldBundle, status: BundleStatus | Fault) -> None:
    trained, age_s = bundle.trained_until, bundle.age_s
    facts = {
        "Knows all until": f"{day_of(trained)}, {ago(trained, time.time())}" if trained else "",
        "Made": "" if age_s is None else ago(0, age_s),
        "Recipe": bundle.recipe,
        "In the registry": "" if isinstance(status, Fault) else status["current"]["name"],
        "Before it": _before(status),
        "Digest": bundle.digest[:12],
    }
    with ui.element("dl").classes("facts"):
        for name, told in facts.items():
            if told:
                _fact(name, told)


def _before(status: BundleStatus | Fault) -> str:
    return "" if isinstance(status, Fault) or not status["previous"] else status["previous"]["name"]


def _fact(name: str, told: str) -> None:
    with ui.element("div").classes("fact"):
        with ui.element("dt"):
            ui.label(name)
        with ui.element("dd"):
            ui.label(told)


def _candidate(status: BundleStatus) -> None:
    candidate, figures = status["candidate"], status["shadow"]
    if candidate is None:
        return
    roles = {"shadow": "Asked beside it", "canary": f"Answers {percent(candidate['share'], 0)} of the visitors"}
    with ui.element("div").classes("candidate"):
        ui.label(roles.get(candidate["role"], "Prepared")).classes("eyebrow")
        ui.label(f"{candidate['name']} · {candidate['bundle']}").classes("candidate-name")
        ui.label(candidate["trial"]).classes("muted")
        if figures is not None:
            with ui.element("dl").classes("facts"):
                for name, told in _shadow(figures).items():
                    _fact(name, told)


def _shadow(figures: Any) -> dict[str, str]:
    shift = figures["score_shift"]
    return {
        "Asked": f"{figures['requests']:,}",
        "Dropped, failed": f"{figures['dropped']:,}, {figures['failed']:,}",
        "Same items": percent(figures["overlap"]),
        "Scores": NONE if shift is None else f"{shift:+.4f}",
        "Time": number(figures["latency_ratio"], "x"),
    }
