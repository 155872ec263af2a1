"""`GET /healthz`, `/readyz` and `/metrics`."""

from dataclasses import dataclass

from fastapi import Response
from prometheus_client import CONTENT_TYPE_LATEST

from winnow.api.status import HealthResponse, ReadyResponse
from winnow.serving.errors import json_response
from winnow.serving.live_engine import LiveEngine
from winnow.serving.metrics import Metrics
from winnow.serving.shadow import Shadow


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusRoutes:
    """What orchestrators and monitors ask. Open to all: they tell of the service, never of a user."""

    live: LiveEngine
    metrics: Metrics
    shadow: Shadow

    async def healthz(self) -> Response:
        """Does the process live."""
        response: HealthResponse = {"status": "alive"}
        return json_response(response)

    async def readyz(self) -> Response:
        """May it be given requests; the service listens only once its bundle is open."""
        engine = self.live.current
        response: ReadyResponse = {"status": "ready", "bundle": engine.name, "digest": engine.digest}
        return json_response(response)

    async def prometheus(self) -> Response:
        """Meters for Prometheus."""
        lineup = self.live.lineup
        self.metrics.bundle(lineup.serving.engine.name, lineup.serving.engine.digest)
        shadow = lineup.shadow
        self.metrics.shadow(None if shadow is None else self.shadow.figures(shadow.engine.digest))
        return Response(self.metrics.text(), headers={"Content-Type": CONTENT_TYPE_LATEST})
