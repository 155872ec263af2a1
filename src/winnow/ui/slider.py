"""A slider that may be left alone."""

from collections.abc import Awaitable, Callable

from nicegui import ui

BY_RECIPE = "As the recipe says"


def slider(
    label: str,
    value: float | None,
    limits: tuple[float, float, float],
    turned: Callable[[float | None], Awaitable[None]],
    *,
    refusal: str = "",
    default: float | None = None,
) -> None:
    """A slider with its value in words, and a way back to no value.

    Args:
        label: what is turned.
        value: None: what the recipe says.
        limits: least, greatest, step.
        turned: called with the value once the hand is off it, not for each step on the way.
        refusal: why it may not be turned; empty: it may.
        default: what the recipe says, to which there is a way back; None: there is none.
    """
    least, most, step = limits
    rest = least if default is None else default
    with ui.element("div").classes("slider"):
        with ui.element("div").classes("slider-words"):
            ui.label(label)
            told = ui.label().classes("muted")
        hand = ui.slider(min=least, max=most, step=step, value=rest if value is None else value)
        hand.props["aria-label"] = label
        hand.set_enabled(not refusal)
        if refusal:
            ui.label(refusal).classes("muted slider-why")
        with ui.element("button").classes("way-back").props("type=button") as back:
            ui.label(f"{BY_RECIPE} again")

    def tell(now: float | None) -> None:
        told.text = f"{now:g}" if now is not None else BY_RECIPE if refusal else f"{BY_RECIPE}: {rest:g}"
        back.set_visibility(default is not None and now is not None)

    async def settle() -> None:
        tell(hand.value)
        await turned(float(hand.value or 0))

    async def let_go() -> None:
        hand.value = rest
        tell(None)
        await turned(None)

    tell(value)
    hand.on("change", settle)
    back.on("click", let_go)
