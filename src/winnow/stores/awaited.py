"""What a call returns, if that comes in time."""

from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import TypeVar

Answer = TypeVar("Answer")
Ended = Callable[[Future[Answer]], object]
Begin = Callable[[Callable[[], None]], object]


class LateError(Exception):
    """The caller has no more time."""


def _in_a_thread(work: Callable[[], None]) -> None:
    Thread(target=work, name="awaited", daemon=True).start()


def awaited(call: Callable[[], Answer], within_s: float, ended: Ended[Answer], begin: Begin = _in_a_thread) -> Answer:
    """What a call returns or raises; one that takes too long goes on without its caller.

    For calls into libraries that know no deadline: names that nobody resolves, handshakes of many steps.

    Args:
        call: is run once, in another thread.
        within_s: how long the caller has.
        ended: told of the end of a call that came too late, in that thread.
        begin: runs a piece of work elsewhere and returns at once; in a thread of its own by default.

    Raises:
        LateError: it has not ended by then.
        Exception: whatever the call raises.
    """
    answer: Future[Answer] = Future()

    def work() -> None:
        done: Future[Answer] = Future()
        try:
            done.set_result(call())
        except Exception as error:  # noqa: BLE001 - it is the caller's, or whoever is told of the end
            done.set_exception(error)
        if not answer.set_running_or_notify_cancel():
            ended(done)
        elif (error := done.exception()) is None:
            answer.set_result(done.result())
        else:
            answer.set_exception(error)

    begin(work)
    try:
        return answer.result(max(within_s, 0.0))
    except TimeoutError:
        # Unless it ended just now, or with that very error.
        if not answer.cancel():
            return answer.result()
    raise LateError
