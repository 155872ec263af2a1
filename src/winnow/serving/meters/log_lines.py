"""How lines of the log look: for people, or JSON for programs."""

import logging
import time
from typing import TYPE_CHECKING

import orjson

from winnow.serving.meters.request_in_hand import request_in_hand

if TYPE_CHECKING:
    from winnow.serving.settings.settings import Settings

FIELDS = "fields"
"""Attribute of a log record that holds values for the JSON line, by name; give it as `extra={FIELDS: {...}}`."""
PLAIN = "%(asctime)s %(levelname)s %(name)s: %(message)s"


class JsonLines(logging.Formatter):
    """One JSON object a record: time (UTC), level, logger, message, request_id in a request, error after a failure."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end."""
        line = {
            "time": f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(record.created))}.{int(record.msecs):03d}Z",
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if request_id := request_in_hand.get():
            line["request_id"] = request_id
        line |= getattr(record, FIELDS, {})
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return orjson.dumps(line, default=str).decode()


def open_log(settings: "Settings") -> None:
    """Lets the process log to its error stream as the settings say; what was opened before stays."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines() if settings.log_format == "json" else logging.Formatter(PLAIN))
    logging.basicConfig(level=settings.log_level.upper(), handlers=[handler])
    # It tells at every start, in four lines, for which processor it was built.
    logging.getLogger("faiss").setLevel(logging.WARNING)
