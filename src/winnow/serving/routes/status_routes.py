"""`GET /healthz`, `/readyz` and `/metrics`."""

from dataclasses import dataclass

from fastapi import Response
from prometheus_client import CONTENT_TYPE_LATEST

from winnow.api.status import HealthResponse, ReadyResponse
from winnow.serving.engines.lineup_gauges import LineupGauges
from winnow.serving.errors import json_response


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusRoutes:
    """What orchestrators and monitors ask. Open to all: they tell of the service, never of a user.

    Attributes:
        gauges: of this worker; its metrics tell of all.
        worker: name of this one.
    """

    gauges: LineupGauges
    worker: str

    async def healthz(self) -> Response:
        """Does the process live."""
        response: HealthResponse = {"status": "alive"}
        return json_response(response)

    async def readyz(self) -> Response:
        """May it be given requests; the service listens only once its bundle is open."""
        engine = self.gauges.live.current
        response: ReadyResponse = {
            "status": "ready",
            "bundle": engine.name,
            "digest": engine.digest,
            "worker": self.worker,
        }
        return json_response(response)

    async def prometheus(self) -> Response:
        """Meters for Prometheus."""
        self.gauges.tell()
        return Response(self.gauges.metrics.text(), headers={"Content-Type": CONTENT_TYPE_LATEST})
