"""The routes that a shop's own pages need besides lists of recommendations."""

from typing import Any

from fastapi import Depends, FastAPI, Response

from winnow.api.catalogue import CatalogueResponse
from winnow.api.shop import ShopResponse
from winnow.serving.access.keys import Keys
from winnow.serving.items.picture_head import KINDS
from winnow.serving.routes.catalogue_route import BROWSED, CatalogueRoute
from winnow.serving.routes.openapi import OPEN_HERE, refusals, request_body
from winnow.serving.routes.picture_route import PictureRoute
from winnow.serving.routes.shop_route import ShopRoute

PICTURE: dict[int | str, dict[str, Any]] = {
    200: {"content": {media_type: {} for _, media_type, _ in KINDS}, "description": "The file."},
    304: {"description": "It is the one that `If-None-Match` names."},
}


def add_catalogue_routes(
    app: FastAPI, shop: ShopRoute, catalogue: CatalogueRoute, pictures: PictureRoute, keys: Keys, described: Any
) -> None:
    """Adds them, open to whom recommendations are.

    Args:
        app: to add them to, before the route of all items, whose path takes everything.
        shop: what may be asked for.
        catalogue: all items.
        pictures: of items.
        keys: of the service.
        described: the dependency that tells OpenAPI of keys.
    """
    opened = [described, Depends(keys.open_here)]
    app.add_api_route(
        "/v1/shop",
        shop.get,
        methods=["GET"],
        dependencies=opened,
        response_model=ShopResponse,
        responses=refusals((401, 403)),
        openapi_extra=dict(OPEN_HERE),
    )
    app.add_api_route(
        "/v1/catalogue",
        catalogue.post,
        methods=["POST"],
        dependencies=opened,
        response_model=CatalogueResponse,
        responses=refusals(),
        openapi_extra={**request_body(BROWSED), **OPEN_HERE},
    )
    app.add_api_route(
        "/v1/items/{item_id:path}/picture",
        pictures.get,
        methods=["GET"],
        dependencies=opened,
        response_class=Response,
        responses={**PICTURE, **refusals((401, 403, 404, 503))},
        openapi_extra=dict(OPEN_HERE),
    )
