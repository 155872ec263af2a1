"""The routes of who runs the service: which bundles answer and how good they are, and which keys open it."""

from typing import Any

from fastapi import Depends, FastAPI

from winnow.api.bundles import BundleStatus
from winnow.api.keys_read import KeysRead
from winnow.api.report import ReportResponse
from winnow.serving.access.keys import Keys
from winnow.serving.routes.bundle_route import CANARY, NAMED, BundleRoute
from winnow.serving.routes.keys_route import KeysRoute
from winnow.serving.routes.openapi import OF_A_BODY, OF_BUNDLES, refusals, request_body
from winnow.serving.routes.query_values import query_parameters
from winnow.serving.routes.report_route import REPORTED, ReportRoute

BUNDLE = "/v1/admin/bundle"


def add_admin_routes(app: FastAPI, bundles: BundleRoute, keys: Keys, described: Any) -> None:
    """Adds them, shut to all but keys that may do all.

    Args:
        app: to add them to.
        bundles: act on all workers.
        keys: of the service.
        described: the dependency that tells OpenAPI of keys.
    """
    guarded = [described, Depends(keys.admin_only)]
    for method, path, answer, body in (
        ("GET", BUNDLE, bundles.get, None),
        ("POST", BUNDLE, bundles.promote, NAMED),
        ("POST", f"{BUNDLE}/roll-back", bundles.roll_back, None),
        ("PUT", f"{BUNDLE}/shadow", bundles.cast_shadow, NAMED),
        ("DELETE", f"{BUNDLE}/shadow", bundles.end_shadow, None),
        ("PUT", f"{BUNDLE}/canary", bundles.cast_canary, CANARY),
        ("DELETE", f"{BUNDLE}/canary", bundles.end_canary, None),
    ):
        app.add_api_route(
            path,
            answer,
            methods=[method],
            dependencies=guarded,
            response_model=BundleStatus,
            responses=refusals(OF_BUNDLES if body is None else (*OF_A_BODY, 404, 409)),
            openapi_extra=body and request_body(body),
        )
    app.add_api_route(
        "/v1/admin/report",
        ReportRoute(live=bundles.live).get,
        methods=["GET"],
        dependencies=guarded,
        response_model=ReportResponse,
        responses=refusals((401, 403, 404, 409, 422)),
        openapi_extra=query_parameters(REPORTED),
    )
    app.add_api_route(
        "/v1/admin/keys",
        KeysRoute(ring=keys.ring, fleet=bundles.fleet).post,
        methods=["POST"],
        dependencies=guarded,
        response_model=KeysRead,
        responses=refusals((401, 403, 422, 503)),
    )
