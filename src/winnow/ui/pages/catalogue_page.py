"""All items of the shop, to filter, sort and search."""

from fastapi import Request
from nicegui import ui

from winnow.ui.frame import Frame
from winnow.ui.shelf import title
from winnow.ui.site import Site
from winnow.ui.visit import Visit

PATH = "/catalogue"


def add_catalogue_page(site: Site) -> None:
    """Adds `/catalogue`."""

    @ui.page(PATH, title=f"Catalogue - {site.settings.name}", response_timeout=30)
    async def page(request: Request) -> None:
        visit = Visit.read(request.query_params.multi_items())
        with Frame(site=site, visit=visit, here=PATH, taken=_taken):
            title("Catalogue", level=1)
            ui.label("All items of the shop, to filter, sort and search.").classes("muted")


async def _taken(visit: Visit, what: str) -> None:
    """Shows the page again for another visit."""
