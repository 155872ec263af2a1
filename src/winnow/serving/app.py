"""The service as an ASGI application: which routes there are, and who may call them."""

from importlib.metadata import version

from fastapi import Depends, FastAPI, Security
from fastapi.security import HTTPBearer

from winnow.api.events import EventsResponse
from winnow.api.recommendations import RecommendationResponse
from winnow.api.status import HealthResponse, ReadyResponse
from winnow.engine.engine import Engine
from winnow.serving.errors import add_error_handlers
from winnow.serving.events_route import REPORTED, EventsRoute
from winnow.serving.keys import Keys
from winnow.serving.metrics import Metrics
from winnow.serving.observer import Observer
from winnow.serving.openapi import refusals, request_body
from winnow.serving.recommendations_route import ASKED, RecommendationsRoute
from winnow.serving.settings import Settings
from winnow.serving.status_routes import StatusRoutes


def create_app(engine: Engine, settings: Settings) -> FastAPI:
    """An application that answers from the engine.

    Bodies are parsed and answers written by the routes themselves, for speed; FastAPI routes and describes.
    """
    metrics = Metrics(engine.name, engine.digest)
    # Pages that show the API would be loaded from elsewhere; /openapi.json is here.
    app = FastAPI(
        title="Winnow", version=version("winnow-recsys"), docs_url=None, redoc_url=None, redirect_slashes=False
    )
    app.add_middleware(Observer, metrics=metrics)
    add_error_handlers(app)
    _add_routes(app, engine, metrics, Keys(settings.key_hashes))
    return app


def _add_routes(app: FastAPI, engine: Engine, metrics: Metrics, keys: Keys) -> None:
    described = Security(HTTPBearer(auto_error=False, description="An API key. X-API-Key is read as well."))
    app.add_api_route(
        "/v1/recommendations",
        RecommendationsRoute(engine=engine, metrics=metrics).post,
        methods=["POST"],
        dependencies=[described, Depends(keys.open_here)],
        response_model=RecommendationResponse,
        responses=refusals(),
        openapi_extra=request_body(ASKED),
    )
    app.add_api_route(
        "/v1/events",
        EventsRoute(engine=engine, metrics=metrics).post,
        methods=["POST"],
        dependencies=[described, Depends(keys.key_only)],
        response_model=EventsResponse,
        responses=refusals(),
        openapi_extra=request_body(REPORTED),
    )
    status = StatusRoutes(engine=engine, metrics=metrics)
    app.add_api_route("/healthz", status.healthz, methods=["GET"], response_model=HealthResponse)
    app.add_api_route("/readyz", status.readyz, methods=["GET"], response_model=ReadyResponse)
    app.add_api_route("/metrics", status.prometheus, methods=["GET"], response_model=None)
    for path, answer in (("/healthz", status.healthz), ("/readyz", status.readyz), ("/metrics", status.prometheus)):
        # For load balancers. A route of its own, because an operation of OpenAPI has one method.
        app.add_api_route(path, answer, methods=["HEAD"], include_in_schema=False, response_model=None)
