"""What is kept of every request, by whatever protocol it came."""

import logging
from dataclasses import dataclass
from time import perf_counter

from starlette.types import Scope

from winnow.serving.event_log.logged_ids import LoggedIds
from winnow.serving.meters.log_lines import FIELDS
from winnow.serving.meters.metrics import Metrics
from winnow.serving.meters.spans import Spans

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRecord:
    """Tells metrics, the log and, where somebody traces, spans.

    Attributes:
        metrics: of the service.
        ids: how a visitor is named in the log.
        level: of the line that the log has for each request.
        spans: None where nobody traces.
    """

    metrics: Metrics
    ids: LoggedIds
    level: int = logging.DEBUG
    spans: Spans | None = None

    def add(self, scope: Scope, route: str, status: int, started: float) -> None:
        """A request that has just been answered.

        Args:
            scope: as HTTP has it; its state holds the name of the request, perhaps `visitor` and `runs`.
            route: one of few: what callers write would make labels without end.
            status: of HTTP.
            started: when it came, an instant of the process's clock (time.perf_counter).
        """
        ended = perf_counter()
        seconds = ended - started
        self.metrics.request(route, status, seconds)
        if self.spans is not None:
            self.spans.request(scope, route, status, (started, ended))
        if logger.isEnabledFor(self.level):
            fields = {"route": route, "status": status, "ms": round(seconds * 1e3, 2)}
            if visitor := scope["state"].get("visitor"):
                fields["visitor"] = self.ids(visitor)
            told = " ".join(f"{name}={value}" for name, value in fields.items())
            logger.log(self.level, "request_id=%s %s", scope["state"]["request_id"], told, extra={FIELDS: fields})
