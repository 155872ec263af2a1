"""What the service is told from outside. The only file that reads the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from winnow.api.limits import MAX_BUDGET_MS
from winnow.schema.errors import SettingsError
from winnow.serving.access.known_key import KnownKey
from winnow.serving.settings.setting import declared_settings, setting
from winnow.serving.settings.setting_kinds import (
    ApiKeys,
    Flag,
    Origins,
    Place,
    Secret,
    Share,
    Text,
    WebAddress,
    Whole,
    Word,
)
from winnow.serving.settings.told_settings import ToldSettings, told_settings
from winnow.serving.settings.worker_seat import WorkerSeat

LOG_LEVELS = ("debug", "info", "warning", "error")
MIN_SECRET_BYTES = 32
MAX_CURSOR_LIFE_S = 30 * 86_400
MAX_DEMAND_S = 86_400
MAX_WORKERS = 256
DRAIN_S = 10
"""How long a service that is told to stop waits for the requests in flight."""
SEAT = "WINNOW_SEAT"
"""Tells a worker its place; nobody else sets it."""
METRICS_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""Read by the Prometheus client when it is imported: from then on all meters are in files there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How the service listens and whom it answers. Each field is one setting, and says all that there is to say of it.

    Raises:
        SettingsError: a value is not one of those that its setting takes; the sentence names it.
    """

    host: str = setting(
        "127.0.0.1",
        Text("an address such as 127.0.0.1 or 0.0.0.0", may_be_empty=False),
        "address to listen on; `0.0.0.0` is every address of the machine",
    )
    port: int = setting(8080, Whole(0, 65_535), "port; 0 takes any free one")
    grpc_port: int = setting(
        0, Whole(0, 65_535), "port of the Open Inference Protocol over gRPC, 0 for none; the extra `grpc`"
    )
    key_hashes: tuple[KnownKey, ...] = setting(
        (), ApiKeys(), "keys, which may do all unless a role is given", name="api_keys", is_secret=True
    )
    keys_file: Path | None = setting(None, Place("a file"), "file of further keys, which may change while it is served")
    state: Path | None = setting(
        None, Place("a folder"), "folder in which events and changes of items outlive the process"
    )
    valkey_url: str = setting(
        "",
        Text("valkey://host:6379/0"),
        "a server that keeps the events, for any number of processes; the extra `valkey`",
        is_secret=True,
    )
    workers: int = setting(1, Whole(1, MAX_WORKERS), "processes that answer; more than one need `WINNOW_VALKEY_URL`")
    feast: Path | None = setting(
        None, Place("a folder"), "folder of a Feast repository that says what is known of users; the extra `feast`"
    )
    events: Path | None = setting(
        None,
        Place("a folder"),
        "folder of the event log: the service adds the lists that it answers, the worker what visitors do",
    )
    media: Path | None = setting(
        None, Place("a folder"), "folder of the items' pictures, by the names that cards have, or called by ids"
    )
    log_level: str = setting("info", Word(LOG_LEVELS), "what is logged, and what is worse")
    log_format: str = setting("text", Word(("text", "json")), "lines of the log for people, or a JSON object each")
    log_requests: bool = setting(False, Flag(), "a line of the log for each request, at `info`; else at `debug`")
    log_hash_ids: bool = setting(False, Flag(), "a hash of a visitor's id in the log instead of the id")
    otel_endpoint: str = setting(
        "",
        WebAddress("http://collector:4318"),
        "a collector of OpenTelemetry that is sent traces, by OTLP over HTTP; the extra `otel`",
    )
    otel_share: float = setting(1.0, Share(), "share of requests that are traced, where the caller does not decide it")
    retrieval_share: float = setting(
        1.0, Share(may_be_zero=False), "share of the recipe's candidates that are retrieved and ranked; less is faster"
    )
    demand_s: int = setting(
        5, Whole(0, MAX_DEMAND_S), "seconds after which sources are told again what is in demand; 0 for never"
    )
    budget_ms: int = setting(
        200, Whole(0, MAX_BUDGET_MS), "how long an answer may take, milliseconds; 0 for as long as it takes"
    )
    cors_origins: tuple[str, ...] = setting((), Origins(), "origins whose pages may call from a browser")
    cursor_secret: bytes = setting(
        b"",
        Secret(MIN_SECRET_BYTES),
        "signs the cursors of pages, the same for every process; without one, a process draws its own",
        is_secret=True,
    )
    cursor_life_s: int = setting(1800, Whole(1, MAX_CURSOR_LIFE_S), "seconds for which a cursor is good")
    # No setting: the supervisor's word to a worker.
    seat: WorkerSeat | None = None

    def __post_init__(self) -> None:
        for each in declared_settings(Settings):
            try:
                each.kind.check(getattr(self, each.attribute))
            except ValueError as error:
                raise SettingsError(f"{each.variable} {error}.") from error
        if 0 < self.grpc_port == self.port:
            raise SettingsError(
                f"The port of gRPC (WINNOW_GRPC_PORT) is {self.grpc_port}, as is that of HTTP (WINNOW_PORT); each "
                "needs its own."
            )
        if self.workers > 1 and not self.valkey_url:
            raise SettingsError(
                f"{self.workers} workers (WINNOW_WORKERS) would each know another part of what users do, since the "
                "embedded state is for one process. Name a Valkey server that they share with WINNOW_VALKEY_URL, or "
                "take one worker."
            )


def told(
    environment: Mapping[str, str] | None = None, file: Path | None = None, options: Mapping[str, Any] | None = None
) -> ToldSettings:
    """What was told of the settings, and where.

    Args:
        environment: variables by name, the process's own by default.
        file: of settings, instead of the one that WINNOW_SETTINGS names.
        options: of the command line, by attribute of Settings.

    Raises:
        SettingsError: something told is not a value of its setting; the sentence names both. Secrets are never quoted.
    """
    given = os.environ if environment is None else environment
    said = told_settings(declared_settings(Settings), given, file, options or {})
    return replace(said, values={**said.values, "seat": WorkerSeat.read(given[SEAT])}) if SEAT in given else said


def read_settings(
    environment: Mapping[str, str] | None = None, file: Path | None = None, options: Mapping[str, Any] | None = None
) -> Settings:
    """The settings as `told`, defaults elsewhere; docs/howto/serve.md lists them. Raises as `told` does."""
    return Settings(**told(environment, file, options).values)


def environment_of(seat: WorkerSeat, cursor_secret: bytes) -> dict[str, str]:
    """The process's own environment for one of its workers.

    Args:
        seat: of the worker.
        cursor_secret: that all workers share.
    """
    secret = cursor_secret.decode(errors="surrogateescape")
    told = {SEAT: seat.written(), METRICS_FOLDER: str(seat.metrics), "WINNOW_CURSOR_SECRET": secret}
    return {**os.environ, **told}
