"""The routes that a shop's own pages need besides lists of recommendations."""

from typing import Any

from fastapi import Depends, FastAPI

from winnow.api.catalogue import CatalogueResponse
from winnow.serving.access.keys import Keys
from winnow.serving.routes.catalogue_route import BROWSED, CatalogueRoute
from winnow.serving.routes.openapi import OPEN_HERE, refusals, request_body


def add_catalogue_routes(app: FastAPI, catalogue: CatalogueRoute, keys: Keys, described: Any) -> None:
    """Adds them, open to whom recommendations are.

    Args:
        app: to add them to.
        catalogue: all items.
        keys: of the service.
        described: the dependency that tells OpenAPI of keys.
    """
    app.add_api_route(
        "/v1/catalogue",
        catalogue.post,
        methods=["POST"],
        dependencies=[described, Depends(keys.open_here)],
        response_model=CatalogueResponse,
        responses=refusals(),
        openapi_extra={**request_body(BROWSED), **OPEN_HERE},
    )
