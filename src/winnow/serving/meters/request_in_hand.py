"""Which request the code is working on, for whoever writes a line into the log meanwhile."""

from contextvars import ContextVar

request_in_hand: ContextVar[str] = ContextVar("request_in_hand", default="")
"""Its request_id; "" outside of requests. Threads that a request waits for know it too."""
