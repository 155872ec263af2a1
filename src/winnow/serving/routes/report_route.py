"""`GET /v1/admin/report`."""

import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from fastapi import Request, Response
from pydantic import TypeAdapter
from starlette.concurrency import run_in_threadpool

from winnow.api.report import ReportRequest, ReportResponse
from winnow.bundle.bundle import EVALUATION, attached
from winnow.bundle.manifest import Manifest
from winnow.schema.errors import BundleError
from winnow.serving.engines.live_engine import NO_REGISTRY, LiveEngine
from winnow.serving.errors import ApiError, json_response
from winnow.serving.routes.query_values import read_query

REPORTED = TypeAdapter(ReportRequest)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRoute:
    """Reads what lies beside a bundle, each time anew: it may be evaluated while it serves.

    Attributes:
        live: which bundle serves, and where others are.
    """

    live: LiveEngine

    async def get(self, request: Request) -> Response:
        """The evaluation of a bundle, and what it says of its training."""
        asked = read_query(request, REPORTED)
        return json_response(await run_in_threadpool(self._report, asked.bundle, time.time()))

    def _report(self, name: str, now: float) -> ReportResponse:
        try:
            path, manifest = self._named(name) if name else self._serving()
            evaluation = attached(path, manifest.digest, EVALUATION)
        except BundleError as error:
            raise ApiError(409, "bundle_refused", str(error), "bundle") from error
        if evaluation is None:
            raise ApiError(
                404,
                "not_evaluated",
                f"The bundle {manifest.name} was never evaluated; do that beside the service: winnow evaluate BUNDLE",
                "bundle",
            )
        return {
            "bundle": manifest.name,
            "digest": manifest.digest,
            "created_at": manifest.created_at,
            "age_s": now - datetime.fromisoformat(manifest.created_at).timestamp(),
            "winnow_version": manifest.winnow_version,
            "recipe": dict(manifest.recipe),
            "split": dict(manifest.split),
            "training_metrics": dict(manifest.training_metrics),
            "evaluation": evaluation,
        }

    def _serving(self) -> tuple[Path, Manifest]:
        bundle = self.live.current.bundle
        if bundle is None:
            raise ApiError(404, "not_evaluated", "What serves was not opened from a folder, so nothing lies beside it.")
        return bundle.path, bundle.manifest

    def _named(self, name: str) -> tuple[Path, Manifest]:
        if self.live.shelf is None:
            raise ApiError(409, "no_registry", NO_REGISTRY)
        registry = self.live.shelf.registry
        try:
            path = registry.path_of(name)
        except BundleError as error:
            raise ApiError(404, "no_such_bundle", str(error), "bundle") from error
        return path, registry.manifest_of(name)
