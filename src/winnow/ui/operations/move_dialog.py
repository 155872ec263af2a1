"""Asks before a bundle is moved."""

from nicegui import ui

from winnow.ui.operations.move import SHARE, Move


async def confirmed(move: Move, likely: str) -> tuple[str, float] | None:
    """What the operator said, once they have.

    Args:
        move: that is asked about.
        likely: name of the bundle that they probably mean; empty for none.

    Returns:
        The bundle's name, empty for a move that wants none, and a share of the visitors; None for no.
    """
    with ui.dialog() as dialog, ui.element("div").classes("dialog"):
        with ui.element("h2").classes("panel-title"):
            ui.label(move.question)
        ui.label(move.meaning).classes("muted")
        name = _asked("Its name in the registry", likely) if move.wants_name else None
        share = _asked("Percent of the visitors", f"{100 * SHARE:g}") if move.wants_share else None

        def say() -> None:
            told = _said(name.value if name else None, share.value if share else None)
            if told is None:
                wrong.text = (
                    "A name is wanted." if name and not name.value else "A percentage between 0 and 100 is wanted."
                )
            else:
                dialog.submit(told)

        wrong = ui.label().classes("dialog-wrong").props("role=alert")
        with ui.element("div").classes("dialog-buttons"):
            for words, call, look in (("Cancel", dialog.close, "is-quiet"), (move.name, say, "is-yes")):
                with ui.element("button").classes(f"button {look}").props("type=button").on("click", call):
                    ui.label(words)
    dialog.props["aria-label"] = move.question
    answer = await dialog
    dialog.delete()
    return answer


def _asked(label: str, value: str) -> ui.input:
    return ui.input(label, value=value).classes("wide").props("dense outlined autofocus")


def _said(name: str | None, percent: str | None) -> tuple[str, float] | None:
    try:
        share = SHARE if percent is None else float(percent) / 100
    except ValueError:
        return None
    return ((name or "").strip(), share) if 0 < share < 1 and name != "" else None
