"""The application: all pages, pictures, health, and headers that keep browsers to this host."""

import secrets

from fastapi import FastAPI, Request, Response
from nicegui import ui
from starlette.middleware.base import RequestResponseEndpoint

from winnow.ui.kept_shop import KeptShop
from winnow.ui.look import add_look
from winnow.ui.pages.catalogue_page import add_catalogue_page
from winnow.ui.pages.glass_house_page import add_glass_house_page
from winnow.ui.pages.home_page import add_home_page
from winnow.ui.pages.operations_page import add_operations_page
from winnow.ui.pages.product_page import add_product_page
from winnow.ui.pictures import Pictures
from winnow.ui.service import Service
from winnow.ui.settings import Settings
from winnow.ui.site import Site

PAGES = (add_home_page, add_catalogue_page, add_product_page, add_glass_house_page, add_operations_page)
SAFE = {
    # The framework's own pages hold scripts and compile templates; from other hosts nothing is loaded or told.
    "Content-Security-Policy": "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; frame-ancestors 'self'; "
    "base-uri 'self'; form-action 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def site_app(settings: Settings) -> FastAPI:
    """The application; once in a process, for the framework keeps pages in its modules."""
    service = Service(settings)
    site = Site(settings=settings, service=service, shop=KeptShop(service=service, price=settings.price))
    app = FastAPI(openapi_url=None)

    @app.middleware("http")
    async def safe(request: Request, call_next: RequestResponseEndpoint) -> Response:
        response = await call_next(request)
        response.headers.update(SAFE)
        return response

    @app.get("/health")
    async def health() -> dict[str, str]:
        return {"status": "alive"}

    app.add_api_route("/pictures/{item_id:path}", Pictures(service=service).get, methods=["GET"])
    add_look()
    for add in PAGES:
        add(site)
    ui.run_with(
        app,
        title=settings.name,
        dark=None,
        language="en-US",
        tailwind=False,
        storage_secret=secrets.token_urlsafe(32),
        show_welcome_message=False,
        reconnect_timeout=10,
    )
    return app
