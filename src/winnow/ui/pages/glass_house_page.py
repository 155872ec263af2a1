"""How the last answer came about."""

from fastapi import Request
from nicegui import ui

from winnow.ui.frame import Frame
from winnow.ui.shelf import title
from winnow.ui.site import Site
from winnow.ui.visit import Visit

PATH = "/glass-house"


def add_glass_house_page(site: Site) -> None:
    """Adds `/glass-house`."""

    @ui.page(PATH, title=f"Glass house - {site.settings.name}", response_timeout=30)
    async def page(request: Request) -> None:
        visit = Visit.read(request.query_params.multi_items())
        with Frame(site=site, visit=visit, here=PATH, taken=_taken):
            title("Glass house", level=1)
            ui.label("How the last answer came about.").classes("muted")


async def _taken(visit: Visit, what: str) -> None:
    """Shows the page again for another visit."""
