"""The bundle in service and how it does."""

from fastapi import Request
from nicegui import ui

from winnow.ui.frame import Frame
from winnow.ui.shelf import title
from winnow.ui.site import Site
from winnow.ui.visit import Visit

PATH = "/operations"


def add_operations_page(site: Site) -> None:
    """Adds `/operations`."""

    @ui.page(PATH, title=f"Operations - {site.settings.name}", response_timeout=30)
    async def page(request: Request) -> None:
        visit = Visit.read(request.query_params.multi_items())
        with Frame(site=site, visit=visit, here=PATH, taken=_taken):
            title("Operations", level=1)
            ui.label("The bundle in service and how it does.").classes("muted")


async def _taken(visit: Visit, what: str) -> None:
    """Shows the page again for another visit."""
