"""A box that says what happened and what to do."""

from collections.abc import Awaitable, Callable

from nicegui import ui

from winnow.ui.fault import Fault, FaultKind

ICONS = {
    FaultKind.DOWN: "cloud_off",
    FaultKind.SLOW: "hourglass_empty",
    FaultKind.MISSING: "extension_off",
    FaultKind.SHUT: "lock",
    FaultKind.REFUSED: "error_outline",
}
Retry = Callable[[], Awaitable[None]]


def notice(title: str, sentence: str, advice: str = "", *, icon: str = "info") -> ui.element:
    """A box for an empty or unusual state; further buttons may be put into it."""
    with ui.element("section").classes("notice").props("role=status") as box:
        ui.icon(icon).classes("notice-icon")
        with ui.element("div").classes("notice-words"):
            ui.label(title).classes("notice-title")
            ui.label(sentence)
            if advice:
                ui.label(advice).classes("muted")
    return box


def fault_notice(fault: Fault, retry: Retry | None = None) -> ui.element:
    """The box of a fault, with a button that tries again where that may help."""
    box = notice(fault.title, fault.sentence, fault.advice, icon=ICONS[fault.kind])
    box.classes("is-fault").props["data-fault"] = fault.kind.value
    if retry is not None and fault.kind in {FaultKind.DOWN, FaultKind.SLOW}:
        with box, ui.element("button").classes("button").props("type=button").on("click", retry):
            ui.label("Try again")
    return box
