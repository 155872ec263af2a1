"""The two buttons with which visitors take back what is known of them."""

from collections.abc import Callable
from functools import partial
from typing import Any

from nicegui import ui

from winnow.api.client import Client
from winnow.ui.fault import Fault
from winnow.ui.frame import Frame, Taken
from winnow.ui.site import Site

Delete = Callable[[Client, str], Any]
DELETIONS: tuple[tuple[str, str, Delete], ...] = (
    ("Reset my state", "Your state was reset", Client.reset),
    ("Forget me", "You were forgotten", Client.forget),
)


def deletion_buttons(site: Site, frame: Frame, taken: Taken) -> None:
    """Draws them.

    Args:
        site: of all pages.
        frame: of the page.
        taken: shows the page again once it is done, and says what.
    """
    for words, done, delete in DELETIONS:
        call = partial(_deleted, site, frame, (done, delete, taken))
        with ui.element("button").classes("button is-quiet").props("type=button").on("click", call, args=[]):
            ui.label(words)


async def _deleted(site: Site, frame: Frame, what: tuple[str, Delete, Taken]) -> None:
    (done, delete, taken), visit = what, frame.visit
    if not visit.user_id:  # of a session nothing but its name leads to what it did
        await frame.take(site.as_user(visit, ""), done)
        return
    told = await site.service.manage(lambda client: delete(client, visit.user_id))
    if isinstance(told, Fault):
        ui.notify(f"{told.title}. {told.sentence}", type="warning", position="bottom", multi_line=True)
        return
    await taken(visit, done)
