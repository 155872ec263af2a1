"""Requests that one run answered, for a candidate to answer as well."""

from collections.abc import Callable
from dataclasses import dataclass

from winnow.engine.engine import Engine
from winnow.pipeline.recommendations import Recommendations
from winnow.serving.engines.seat import Seat


@dataclass(frozen=True, slots=True, kw_only=True)
class Shadowed:
    """What was answered, and how to ask for it again.

    Attributes:
        candidate: to be asked.
        engine: answered.
        answer: by that engine, to one request or several.
        ask: the same of another engine; raises as the request itself does.
    """

    candidate: Seat
    engine: Engine
    answer: Recommendations
    ask: Callable[[Engine], Recommendations]

    def __len__(self) -> int:
        """How many requests they are."""
        return len(self.answer.request_ids)
