"""Answers that are given at the door, ready as bytes."""

from dataclasses import dataclass
from http import HTTPStatus

from winnow.serving.access.secure_headers import SECURE_HEADERS
from winnow.serving.errors import error_response


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A refusal that no route gives.

    Attributes:
        reason: one word, for metrics.
        status: of HTTP.
        message: a sentence.
        retry_s: after which the caller may try again; None where that would not help.
    """

    reason: str
    status: int
    message: str
    retry_s: int | None = None

    def written(self, *, close: bool, bodiless: bool = False) -> bytes:
        """All bytes of the answer.

        Args:
            close: the connection ends with it.
            bodiless: only the headers were asked for.
        """
        headers = {} if self.retry_s is None else {"Retry-After": str(self.retry_s)}
        answer = error_response(self.status, {"code": self.reason, "message": self.message}, headers)
        lines = [f"HTTP/1.1 {self.status} {HTTPStatus(self.status).phrase}".encode()]
        lines += [name + b": " + value for name, value in [*answer.raw_headers, *SECURE_HEADERS]]
        lines += [b"connection: close"] if close else []
        return b"\r\n".join([*lines, b"", b""]) + (b"" if bodiless else bytes(answer.body))


MALFORMED = Refusal(reason="malformed_http", status=400, message="This is not a request of HTTP/1.1.")
UPGRADE = Refusal(reason="upgrade", status=400, message="The service speaks HTTP/1.1 only; send it without 'Upgrade'.")
LARGE_HEAD = Refusal(
    reason="large_head", status=431, message="The headers are larger than 65,536 bytes; send fewer or shorter ones."
)
SLOW = Refusal(reason="slow", status=408, message="The request did not come to its end in time; send it again.")
BUSY = Refusal(
    reason="busy", status=503, retry_s=1, message="The service has more requests than it can answer; try again soon."
)
CROWDED = Refusal(
    reason="crowded", status=503, retry_s=1, message="The service has too many connections; try again soon."
)
FAILED = Refusal(reason="internal", status=500, message="Something failed inside the service; its log holds the cause.")
