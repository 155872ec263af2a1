"""The routes beside recommendations that ask the same pipeline: scores of given items, batches, and reasons."""

from typing import Any

from fastapi import Depends, FastAPI

from winnow.api.batch import BatchResponse
from winnow.api.score import ScoreResponse
from winnow.api.why import WhyResponse
from winnow.serving.access.keys import Keys
from winnow.serving.routes.batch_route import BATCH, BatchRoute
from winnow.serving.routes.openapi import OPEN_HERE, refusals, request_body
from winnow.serving.routes.query_values import query_parameters
from winnow.serving.routes.recommendations_route import RecommendationsRoute
from winnow.serving.routes.score_route import SCORED, ScoreRoute
from winnow.serving.routes.why_route import WHY, WhyRoute


def add_asking_routes(app: FastAPI, recommendations: RecommendationsRoute, keys: Keys, described: Any) -> None:
    """Adds them, open to whom recommendations are: they say nothing of a visitor that those could not be made to say.

    Args:
        app: to add them to.
        recommendations: the route of single requests.
        keys: of the service.
        described: the dependency that tells OpenAPI of keys.
    """
    live, metrics, budget = recommendations.live, recommendations.metrics, recommendations.budget
    opened = [described, Depends(keys.open_here)]
    app.add_api_route(
        "/v1/score",
        ScoreRoute(live=live, metrics=metrics, budget=budget).post,
        methods=["POST"],
        dependencies=opened,
        response_model=ScoreResponse,
        responses=refusals(),
        openapi_extra={**request_body(SCORED), **OPEN_HERE},
    )
    app.add_api_route(
        "/v1/batch",
        BatchRoute(recommendations=recommendations).post,
        methods=["POST"],
        dependencies=opened,
        response_model=BatchResponse,
        responses=refusals(),
        openapi_extra={**request_body(BATCH), **OPEN_HERE},
    )
    app.add_api_route(
        "/v1/why",
        WhyRoute(live=live, budget=budget).get,
        methods=["GET"],
        dependencies=opened,
        response_model=WhyResponse,
        responses=refusals((401, 403, 404, 422, 503)),
        openapi_extra={**query_parameters(WHY), **OPEN_HERE},
    )
