"""`GET /healthz`, `/readyz` and `/metrics`."""

from dataclasses import dataclass

from fastapi import Response
from prometheus_client import CONTENT_TYPE_LATEST

from winnow.api.status import HealthResponse, ReadyResponse
from winnow.engine.engine import Engine
from winnow.serving.errors import json_response
from winnow.serving.metrics import Metrics


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusRoutes:
    """What orchestrators and monitors ask. Open to all: they tell of the service, never of a user.

    Attributes:
        engine: that answers.
        metrics: of all workers.
        worker: name of this one.
    """

    engine: Engine
    metrics: Metrics
    worker: str

    async def healthz(self) -> Response:
        """Does the process live."""
        response: HealthResponse = {"status": "alive"}
        return json_response(response)

    async def readyz(self) -> Response:
        """May it be given requests; the service listens only once its bundle is open."""
        response: ReadyResponse = {
            "status": "ready",
            "bundle": self.engine.name,
            "digest": self.engine.digest,
            "worker": self.worker,
        }
        return json_response(response)

    async def prometheus(self) -> Response:
        """Meters for Prometheus."""
        return Response(self.metrics.text(), headers={"Content-Type": CONTENT_TYPE_LATEST})
