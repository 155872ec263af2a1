"""How long callers may take, and how many are let in."""

import resource
from dataclasses import dataclass, replace

OWN_FILES = 256
"""Files that are left to everything but connections: bundle, logs, stores."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What the door holds callers to.

    Attributes:
        head_s: from the connection, or from the first byte of a further request, to the end of its headers.
        body_s: from there to the end of the body.
        idle_s: between an answer and the first byte of the next request.
        send_s: for which a caller may leave an answer unread, and for which one who was refused may go on sending.
        head_bytes: of the request line and all headers.
        held_bytes: of the bodies of all requests that are not answered yet.
        connections: open at once.
        pipelined: requests that one connection may send ahead of their answers.
        at_work: requests that are whole and not answered, of all connections.
        queued_s: from the end of a request to the start of its handler; a request that waited longer is refused.
    """

    head_s: float = 10.0
    body_s: float = 20.0
    idle_s: float = 75.0
    send_s: float = 5.0
    head_bytes: int = 65_536
    held_bytes: int = 256 << 20
    connections: int = 15_000
    pipelined: int = 32
    at_work: int = 1000
    queued_s: float = 0.5


def within_files(limits: Limits) -> Limits:
    """The limits for this process, which is allowed as many open files as it may have: each connection is one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    if hard == resource.RLIM_INFINITY:
        return limits
    return replace(limits, connections=min(limits.connections, max(hard - OWN_FILES, hard // 2)))
