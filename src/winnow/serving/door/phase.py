"""What a connection is waiting for."""

from enum import Enum, auto


class Phase(Enum):
    """Each but ANSWER has a time limit."""

    HEAD = auto()
    """The rest of the headers, or on a new connection all of them."""
    BODY = auto()
    """The rest of the body."""
    ANSWER = auto()
    """The service."""
    IDLE = auto()
    """The next request, which nobody has promised."""
    SEND = auto()
    """That the caller reads what is answered; after the last answer also, that the caller stops sending."""
