"""The service as an ASGI application: which routes there are, and who may call them."""

from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from importlib.metadata import version
from secrets import token_bytes
from typing import Any

from fastapi import Depends, FastAPI, Security
from fastapi.security import HTTPBearer

from winnow.api.events import EventsResponse
from winnow.api.forget_receipt import ForgetReceipt
from winnow.api.items import ItemChange, ItemResponse
from winnow.api.recommendations import RecommendationResponse
from winnow.api.session_merge import SessionMerge
from winnow.api.similar import SimilarResponse
from winnow.api.state_reset import StateReset
from winnow.api.status import HealthResponse, ReadyResponse
from winnow.api.trending import TrendingResponse
from winnow.api.visitor_state import VisitorState
from winnow.engine.engine import Engine
from winnow.serving.cursors import Cursors
from winnow.serving.demand_follower import DemandFollower
from winnow.serving.errors import add_error_handlers
from winnow.serving.events_route import REPORTED, EventsRoute
from winnow.serving.inference_model import InferenceModel
from winnow.serving.inference_port import add_inference_port
from winnow.serving.inference_routes import add_inference_routes
from winnow.serving.items_route import SENT, ItemsRoute
from winnow.serving.keys import Keys
from winnow.serving.live_engine import LiveEngine
from winnow.serving.metrics import Metrics
from winnow.serving.observer import Observer
from winnow.serving.openapi import OF_A_VISITOR, refusals, request_body
from winnow.serving.query_values import query_parameters
from winnow.serving.recommendations_route import ASKED, RecommendationsRoute
from winnow.serving.served_log import ServedLog
from winnow.serving.settings import Settings
from winnow.serving.similar_route import SIMILAR, SimilarRoute
from winnow.serving.status_routes import StatusRoutes
from winnow.serving.trending_route import TRENDING, TrendingRoute
from winnow.serving.visitors_route import VisitorsRoute
from winnow.serving.written_path import WrittenPath


def create_app(engine: Engine, settings: Settings) -> FastAPI:
    """An application that answers from the engine, with the changes that the state folder holds.

    Bodies are parsed and answers written by the routes themselves, for speed; FastAPI routes and describes.

    Raises:
        SettingsError: the state folder, that of the event log, or the port of gRPC cannot be used.
        DataError: the changes in it are damaged, or do not fit the bundle.
        EncoderError: the vectors in it are damaged.
    """
    metrics = Metrics(engine.name, engine.digest)
    live = LiveEngine.open(engine, settings)
    follower = DemandFollower(live=live, metrics=metrics, every_s=settings.demand_s)
    served = None
    if settings.events is not None:
        served = ServedLog.open(settings.events, metrics.lists_dropped, metrics.lists_logged)
    # Pages that show the API would be loaded from elsewhere; /openapi.json is here.
    app = FastAPI(
        title="Winnow",
        version=version("winnow-recsys"),
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=_living(live, follower, served),
    )
    # Whoever cannot wait, such as a test, calls it.
    app.state.demand = follower
    app.add_middleware(WrittenPath)
    app.add_middleware(Observer, metrics=metrics)
    add_error_handlers(app)
    keys = Keys(settings.key_hashes)
    # Without a secret from outside, cursors end with the process.
    cursors = Cursors(secret=settings.cursor_secret or token_bytes(), life_s=settings.cursor_life_s)
    _add_routes(app, RecommendationsRoute(live=live, metrics=metrics, cursors=cursors, served=served), keys)
    items = ItemsRoute(live=live)
    _add_similar_route(app, SimilarRoute(live=live, items=items, keys=keys), keys)
    _add_trending_route(app, TrendingRoute(live=live), keys)
    _add_item_routes(app, items, keys)
    _add_visitor_routes(app, VisitorsRoute(live=live, events=settings.events), keys)
    model = InferenceModel(live=live, metrics=metrics, served=served)
    add_inference_routes(app, model, [_described(), Depends(keys.open_here)])
    add_inference_port(app, model, keys, settings)
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
        openapi_extra=request_body(ASKED),
    )
    app.add_api_route(
        "/v1/events",
        EventsRoute(live=live, metrics=metrics).post,
        methods=["POST"],
        dependencies=[described, Depends(keys.key_only)],
        response_model=EventsResponse,
        responses=refusals(),
        openapi_extra=request_body(REPORTED),
    )
    status = StatusRoutes(engine=live.current, metrics=metrics)
    app.add_api_route("/healthz", status.healthz, methods=["GET"], response_model=HealthResponse)
    app.add_api_route("/readyz", status.readyz, methods=["GET"], response_model=ReadyResponse)
    app.add_api_route("/metrics", status.prometheus, methods=["GET"], response_model=None)
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
        openapi_extra=query_parameters(SIMILAR),
    )


def _add_trending_route(app: FastAPI, trending: TrendingRoute, keys: Keys) -> None:
    app.add_api_route(
        "/v1/trending",
        trending.get,
        methods=["GET"],
        dependencies=[_described(), Depends(keys.open_here)],
        response_model=TrendingResponse,
        responses=refusals((401, 403, 404, 422)),
        openapi_extra=query_parameters(TRENDING),
    )


def _add_item_routes(app: FastAPI, items: ItemsRoute, keys: Keys) -> None:
    guarded = [_described(), Depends(keys.key_only)]
    # An id may hold slashes.
    path = "/v1/items/{item_id:path}"
    app.add_api_route(
        path,
        items.put,
        methods=["PUT"],
        dependencies=guarded,
        response_model=ItemChange,
        responses=refusals(),
        openapi_extra=request_body(SENT),
    )
    app.add_api_route(
        path, items.get, methods=["GET"], dependencies=guarded, response_model=ItemResponse, responses=refusals()
    )
    app.add_api_route(
        path, items.delete, methods=["DELETE"], dependencies=guarded, response_model=ItemChange, responses=refusals()
    )


def _add_visitor_routes(app: FastAPI, visitors: VisitorsRoute, keys: Keys) -> None:
    user = "/v1/users/{user_id}"
    for method, path, answer, shape in (
        ("PUT", f"{user}/sessions/{{session_id}}", visitors.merge, SessionMerge),
        ("GET", f"{user}/state", visitors.user_state, VisitorState),
        ("GET", "/v1/sessions/{session_id}/state", visitors.session_state, VisitorState),
        ("DELETE", f"{user}/state", visitors.reset, StateReset),
        ("DELETE", user, visitors.forget, ForgetReceipt),
    ):
        app.add_api_route(
            path,
            answer,
            methods=[method],
            dependencies=[_described(), Depends(keys.key_only)],
            response_model=shape,
            responses=refusals(OF_A_VISITOR),
        )


def _described() -> Any:
    return Security(HTTPBearer(auto_error=False, description="An API key. X-API-Key is read as well."))


def _living(
    live: LiveEngine, follower: DemandFollower, served: ServedLog | None
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        async with follower.following():
            yield
        live.close()
        if served is not None:
            served.close()

    return lifespan
