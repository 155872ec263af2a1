"""A candidate is asked what visitors asked, once they have their answers."""

import logging
from dataclasses import dataclass, field, replace
from queue import Full, Queue
from threading import Lock, Thread

import numpy as np

from winnow.engine.engine import Engine
from winnow.pipeline.recommendations import Recommendations
from winnow.schema.errors import RequestError, WinnowError
from winnow.serving.engines.shadow_tally import Scores, ShadowTally
from winnow.serving.engines.shadowed import Shadowed

logger = logging.getLogger(__name__)

MOST_WAITING = 64
"""Runs of the pipeline; what comes while so many wait is dropped, and counted."""


@dataclass(slots=True)
class Shadow:
    """Asks one candidate at a time, in a thread of its own that begins with the first request.

    Attributes:
        most_waiting: runs that may wait for the candidate.
    """

    most_waiting: int = MOST_WAITING
    _waiting: "Queue[Shadowed | None]" = field(init=False)
    _tally: ShadowTally = field(default_factory=lambda: ShadowTally(digest=""), init=False)
    _lock: Lock = field(default_factory=Lock, init=False)
    _thread: Thread | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self._waiting = Queue(self.most_waiting)

    def tell(self, shadowed: Shadowed) -> None:
        """Takes a run, or drops it where too many wait; waits for nobody. Called from one thread."""
        if self._thread is None:
            self._thread = Thread(target=self._run, name="shadow", daemon=True)
            self._thread.start()
        digest = shadowed.candidate.engine.digest
        if digest != self._tally.digest:
            with self._lock:
                self._tally = ShadowTally(digest=digest)
        try:
            self._waiting.put_nowait(shadowed)
        except Full:
            with self._lock:
                self._tally = replace(self._tally, dropped=self._tally.dropped + len(shadowed))

    @property
    def tally(self) -> ShadowTally:
        """What was found of the last candidate."""
        return self._tally

    def of(self, digest: str) -> ShadowTally:
        """What was found of the candidate whose manifest has this digest."""
        return ShadowTally(digest=digest).with_those_of(self._tally)

    def settle(self) -> None:
        """Waits until nothing waits."""
        self._waiting.join()

    def close(self) -> None:
        """Ends, once what waits is asked."""
        if self._thread is not None:
            self._waiting.put(None)
            self._thread.join()

    def _run(self) -> None:
        while (shadowed := self._waiting.get()) is not None:
            try:
                self._ask(shadowed)
            finally:
                self._waiting.task_done()
        self._waiting.task_done()

    def _ask(self, shadowed: Shadowed) -> None:
        candidate = shadowed.candidate.engine
        other: Recommendations | None = None
        try:
            other = shadowed.ask(candidate)
        except RequestError as error:
            # The sentence may quote what a visitor said.
            logger.debug("The candidate %s refuses a request: %s", candidate.name, type(error).__name__)
        except WinnowError as error:
            logger.debug("The candidate %s cannot answer: %s", candidate.name, error)
        except Exception:
            # Like a request that fails by mistake, it must not be the last one.
            logger.exception("The candidate %s failed.", candidate.name)
        with self._lock:
            if candidate.digest == self._tally.digest:
                self._tally = _counted(self._tally, shadowed, other)


def _counted(tally: ShadowTally, shadowed: Shadowed, other: Recommendations | None) -> ShadowTally:
    if other is None:
        return replace(tally, failed=tally.failed + len(shadowed))
    return tally.compared(
        _scores(shadowed.engine, shadowed.answer),
        _scores(shadowed.candidate.engine, other),
        _seconds(shadowed.answer),
        _seconds(other),
        len(shadowed),
    )


def _scores(engine: Engine, answer: Recommendations) -> Scores:
    request_of = np.repeat(np.arange(len(answer.request_ids)), np.diff(answer.offsets))
    rows = zip(request_of.tolist(), answer.item_rows.tolist(), answer.scores.tolist(), strict=True)
    return {(request, engine.catalogue.item_ids[row]): score for request, row, score in rows}


def _seconds(answer: Recommendations) -> float:
    return sum(stage.seconds for stage in answer.trace.stages)
