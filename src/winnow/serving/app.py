"""The service as an ASGI application: which routes there are, and who may call them."""

import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from importlib.metadata import version
from secrets import token_bytes
from typing import Any

from fastapi import Depends, FastAPI, Security
from fastapi.security import HTTPBearer
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import PlainTextResponse

from winnow.api.events import EventsResponse
from winnow.api.items import ItemChange, ItemResponse
from winnow.api.recommendations import RecommendationResponse
from winnow.api.similar import SimilarResponse
from winnow.api.status import HealthResponse, ReadyResponse
from winnow.api.trending import TrendingResponse
from winnow.engine.engine import Engine
from winnow.serving.access.key_ring import KeyRing
from winnow.serving.access.keys import Keys
from winnow.serving.access.secure_headers import SecureHeaders
from winnow.serving.engines.bundle_shelf import BundleShelf
from winnow.serving.engines.demand_follower import DemandFollower
from winnow.serving.engines.lineup_gauges import LineupGauges
from winnow.serving.engines.live_engine import LiveEngine
from winnow.serving.engines.shadow import Shadow
from winnow.serving.errors import add_error_handlers
from winnow.serving.event_log.logged_ids import LoggedIds
from winnow.serving.event_log.served_log import ServedLog
from winnow.serving.fleet.fleet import Fleet
from winnow.serving.fleet.open_fleet import open_fleet
from winnow.serving.inference.inference_model import InferenceModel
from winnow.serving.inference.inference_port import add_inference_port
from winnow.serving.inference.inference_routes import add_inference_routes
from winnow.serving.items.picture_files import PictureFiles
from winnow.serving.meters.metrics import Metrics
from winnow.serving.meters.observer import Observer
from winnow.serving.meters.request_record import RequestRecord
from winnow.serving.meters.spans import Spans
from winnow.serving.routes.admin_routes import add_admin_routes
from winnow.serving.routes.asking_routes import add_asking_routes
from winnow.serving.routes.budget import Budget
from winnow.serving.routes.bundle_route import BundleRoute
from winnow.serving.routes.catalogue_route import CatalogueRoute
from winnow.serving.routes.catalogue_routes import add_catalogue_routes
from winnow.serving.routes.cursors import Cursors
from winnow.serving.routes.events_route import REPORTED, EventsRoute
from winnow.serving.routes.items_route import SENT, ItemsRoute
from winnow.serving.routes.keys_route import READ_KEYS
from winnow.serving.routes.openapi import OF_AN_ITEM, OPEN_HERE, name_refusals, refusals, request_body
from winnow.serving.routes.picture_route import PictureRoute
from winnow.serving.routes.query_values import query_parameters
from winnow.serving.routes.quick_routes import quicken
from winnow.serving.routes.recommendations_route import ASKED, RecommendationsRoute
from winnow.serving.routes.shop_route import ShopRoute
from winnow.serving.routes.similar_route import SIMILAR, SimilarRoute
from winnow.serving.routes.status_routes import StatusRoutes
from winnow.serving.routes.trending_route import TRENDING, TrendingRoute
from winnow.serving.routes.visitor_routes import add_visitor_routes
from winnow.serving.routes.visitors_route import VisitorsRoute
from winnow.serving.routes.written_path import WrittenPath
from winnow.serving.settings.settings import Settings

CORS: dict[str, Any] = {
    "allow_methods": ("GET", "POST", "PUT", "DELETE"),
    "allow_headers": ("Authorization", "Content-Type", "X-API-Key", "X-Request-Id"),
    "expose_headers": ("X-Request-Id", "Retry-After"),
}
"""What pages of other origins may send and read, where any may at all."""


def create_app(engine: Engine, settings: Settings, shelf: BundleShelf | None = None) -> FastAPI:
    """An application that answers from the engine, with the changes that the state folder holds.

    Bodies are parsed and answers written by the routes themselves, for speed; FastAPI routes and describes.

    Args:
        engine: of the bundle that serves at first.
        settings: of the service.
        shelf: where further bundles come from; None where there are none.

    Raises:
        SettingsError: the state folder, that of the event log or of pictures, or the port of gRPC cannot be used.
        DataError: the changes in it are damaged, or do not fit the bundle.
        EncoderError: the vectors in it are damaged.
    """
    metrics = Metrics(shared=None if settings.seat is None else settings.seat.metrics)
    shadow, budget = Shadow(), Budget(ms=settings.budget_ms)
    live = LiveEngine.open(engine, settings, shelf)
    keys = Keys(KeyRing(fixed=settings.key_hashes, file=settings.keys_file))
    live.duties[READ_KEYS] = lambda _: keys.ring.read()
    fleet = open_fleet(live, shadow, settings)
    gauges = LineupGauges(live=live, shadow=shadow, metrics=metrics)
    follower = DemandFollower(live=live, metrics=metrics, every_s=settings.demand_s)
    served = None
    if settings.events is not None:
        served = ServedLog.open(settings.events, metrics.lists_dropped, metrics.lists_logged)
    spans = _spans(settings)
    # Without a secret from outside, cursors end with the process, as do hashes of ids in the log.
    secret = settings.cursor_secret or token_bytes()
    # Pages that show the API would be loaded from elsewhere; /openapi.json is here.
    app = FastAPI(
        title="Winnow",
        version=version("winnow-recsys"),
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=_living(live, fleet, follower, gauges, served, spans),
    )
    # Whoever cannot wait, such as a test, calls it.
    app.state.demand, app.state.shadow, app.state.metrics = follower, shadow, metrics
    app.add_middleware(WrittenPath)
    record = RequestRecord(
        metrics=metrics,
        ids=LoggedIds(is_hashed=settings.log_hash_ids, secret=secret),
        level=logging.INFO if settings.log_requests else logging.DEBUG,
        spans=spans,
    )
    app.add_middleware(Observer, record=record)
    app.add_middleware(SecureHeaders)
    if settings.cors_origins:
        app.add_middleware(CORSMiddleware, allow_origins=settings.cors_origins, **CORS)
    add_error_handlers(app)
    recommendations = RecommendationsRoute(
        live=live,
        metrics=metrics,
        cursors=Cursors(secret=secret, life_s=settings.cursor_life_s),
        shadow=shadow,
        served=served,
        budget=budget,
    )
    _add_routes(app, recommendations, keys)
    add_asking_routes(app, recommendations, keys, _described())
    _add_status_routes(app, StatusRoutes(gauges=gauges, worker=fleet.name))
    items = ItemsRoute(live=live, fleet=fleet)
    pictures = PictureRoute(live=live, items=items, files=settings.media and PictureFiles.open(settings.media))
    add_catalogue_routes(app, ShopRoute(live=live), CatalogueRoute(live=live), pictures, keys, _described())
    _add_similar_route(app, SimilarRoute(live=live, items=items), keys)
    _add_trending_route(app, TrendingRoute(live=live), keys)
    _add_item_routes(app, items, keys)
    add_visitor_routes(app, VisitorsRoute(live=live, events=settings.events), keys, _described())
    add_admin_routes(app, BundleRoute(live=live, fleet=fleet, shadow=shadow), keys, _described())
    model = InferenceModel(live=live, metrics=metrics, shadow=shadow, budget=budget, served=served)
    add_inference_routes(app, model, [_described(), Depends(keys.open_here)])
    add_inference_port(app, model, keys, record, settings)
    quicken(app)
    name_refusals(app)
    return app


def _add_routes(app: FastAPI, recommendations: RecommendationsRoute, keys: Keys) -> None:
    described, live, metrics = _described(), recommendations.live, recommendations.metrics
    app.add_api_route(
        "/v1/recommendations",
        recommendations.post,
        methods=["POST"],
        dependencies=[described, Depends(keys.open_here)],
        response_model=RecommendationResponse,
        responses=refusals(),
        openapi_extra={**request_body(ASKED), **OPEN_HERE},
    )
    app.add_api_route(
        "/v1/events",
        EventsRoute(live=live, metrics=metrics).post,
        methods=["POST"],
        dependencies=[described, Depends(keys.events_only)],
        response_model=EventsResponse,
        responses=refusals(),
        openapi_extra=request_body(REPORTED),
    )


def _add_status_routes(app: FastAPI, status: StatusRoutes) -> None:
    app.add_api_route("/healthz", status.healthz, methods=["GET"], response_model=HealthResponse)
    app.add_api_route("/readyz", status.readyz, methods=["GET"], response_model=ReadyResponse)
    app.add_api_route("/metrics", status.prometheus, methods=["GET"], response_class=PlainTextResponse)
    for path, answer in (("/healthz", status.healthz), ("/readyz", status.readyz), ("/metrics", status.prometheus)):
        # For load balancers. A route of its own, because an operation of OpenAPI has one method.
        app.add_api_route(path, answer, methods=["HEAD"], include_in_schema=False, response_model=None)


def _add_similar_route(app: FastAPI, similar: SimilarRoute, keys: Keys) -> None:
    # Before the route of all items, whose path takes everything.
    app.add_api_route(
        "/v1/items/{item_id:path}/similar",
        similar.get,
        methods=["GET"],
        dependencies=[_described(), Depends(keys.open_here)],
        response_model=SimilarResponse,
        responses=refusals((401, 403, 404, 422)),
        openapi_extra={**query_parameters(SIMILAR), **OPEN_HERE},
    )


def _add_trending_route(app: FastAPI, trending: TrendingRoute, keys: Keys) -> None:
    app.add_api_route(
        "/v1/trending",
        trending.get,
        methods=["GET"],
        dependencies=[_described(), Depends(keys.open_here)],
        response_model=TrendingResponse,
        responses=refusals((401, 403, 404, 422)),
        openapi_extra={**query_parameters(TRENDING), **OPEN_HERE},
    )


def _add_item_routes(app: FastAPI, items: ItemsRoute, keys: Keys) -> None:
    guarded, said = [_described(), Depends(keys.admin_only)], refusals(OF_AN_ITEM)
    # An id may hold slashes.
    path = "/v1/items/{item_id:path}"
    app.add_api_route(
        path,
        items.put,
        methods=["PUT"],
        dependencies=guarded,
        response_model=ItemChange,
        responses={**said, 201: {"model": ItemChange, "description": "The item is new, or comes back."}},
        openapi_extra=request_body(SENT),
    )
    app.add_api_route(
        path,
        items.get,
        methods=["GET"],
        dependencies=[_described(), Depends(keys.open_here)],
        response_model=ItemResponse,
        responses=said,
        openapi_extra=dict(OPEN_HERE),
    )
    app.add_api_route(
        path,
        items.delete,
        methods=["DELETE"],
        dependencies=guarded,
        response_model=ItemChange,
        responses=said,
    )


def _described() -> Any:
    return Security(HTTPBearer(auto_error=False, description="An API key. X-API-Key is read as well."))


def _spans(settings: Settings) -> Spans | None:
    if not settings.otel_endpoint:
        return None
    # An extra: whoever traces nothing needs none of it.
    from winnow.serving.meters.otel_spans import OtelSpans  # noqa: PLC0415

    return OtelSpans.to(settings.otel_endpoint, settings.otel_share)


def _living(
    live: LiveEngine,
    fleet: Fleet,
    follower: DemandFollower,
    gauges: LineupGauges,
    served: ServedLog | None,
    spans: Spans | None,
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        async with follower.following(), gauges.telling():
            yield
        fleet.close()
        gauges.shadow.close()
        live.close()
        if served is not None:
            served.close()
        if spans is not None:
            spans.close()

    return lifespan
