"""A server around an application."""

from typing import Any, cast

import uvicorn
from fastapi import FastAPI

from winnow.serving.door.door import Door
from winnow.serving.door.limits import Limits, within_files
from winnow.serving.settings.settings import DRAIN_S


def server_of(app: FastAPI, limits: Limits | None = None) -> uvicorn.Server:
    """A server that waits to be run: no access log, no trust in forwarding headers, logs through the root logger.

    Args:
        app: with its metrics as `state.metrics`.
        limits: for callers; by default those that this process can keep.
    """
    door = Door(limits or within_files(Limits()), app.state.metrics.refused)
    config = uvicorn.Config(
        app,
        loop="uvloop",
        # Anything that makes a protocol will do, see docs/decisions/own-door.md.
        http=cast("Any", door),
        ws="none",
        access_log=False,
        log_config=None,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=DRAIN_S,
    )
    return uvicorn.Server(config)
