"""Runs stages, times them, catches the one error that may be skipped, and knows when time is spent."""

from collections.abc import Callable, Mapping
from time import perf_counter

from winnow.pipeline.candidates import Candidates
from winnow.pipeline.requests import Requests
from winnow.pipeline.rule import Rule
from winnow.pipeline.stage import RequestStage, Stage
from winnow.pipeline.trace import NO_RULES, StageTrace, Trace
from winnow.schema.column import Column
from winnow.schema.errors import Unavailable

LATE = "The time that the request may take was spent before."
RULE = "rule"
"""Column of what was selected: the rule behind each pick."""
RULES = tuple((rule.name.lower(), int(rule)) for rule in Rule if rule is not Rule.WORTH)


class Recorder:
    """Writes the Trace of one batch while it runs; the only place that measures stages.

    Args:
        details: keep the candidates after every stage.
        deadline: of the requests; once it has passed, whatever stands in for a stage is run instead of it.
        clock: what the deadline is an instant of, in seconds.
    """

    def __init__(
        self, *, details: bool, deadline: float | None = None, clock: Callable[[], float] = perf_counter
    ) -> None:
        self._details = details
        self._deadline, self._clock = deadline, clock
        self._stages: list[StageTrace] = []

    def hydrate(self, stage: RequestStage, requests: Requests) -> Requests:
        """Requests with the stage's columns, or with what stands for unknown."""
        started = self._clock()
        columns, fault = _hydrated(stage, requests, is_late=self.is_late())
        size = len(requests)
        self._stages.append(StageTrace(stage.name, size, size, self._clock() - started, fault))
        return requests.with_columns(columns)

    def run(self, stage: Stage, requests: Requests, candidates: Candidates) -> Candidates:
        """Candidates after the stage, recorded."""
        started = self._clock()
        if stage.late is not None and self.is_late():
            after, fault = stage.late(requests, candidates), LATE
        else:
            after, fault = attempt(stage, requests, candidates)
        self._add(stage.name, len(candidates), after, started, fault)
        return after

    def apply(self, stage: Stage, requests: Requests, candidates: Candidates) -> Candidates:
        """Candidates after a stage that runs once more, inside another one: a fault goes into the stage's own row."""
        after, fault = attempt(stage, requests, candidates)
        if fault is not None:
            self._tell(stage.name, fault)
        return after

    def stand_in(self, stage: Stage, requests: Requests, candidates: Candidates) -> Candidates:
        """Candidates after what stands in for a stage that ran before, and would run once more but for want of time."""
        if stage.late is None:
            return self.apply(stage, requests, candidates)
        self._tell(stage.name, LATE)
        return stage.late(requests, candidates)

    def timed(
        self, name: str, rows_in: int, step: Callable[[], Candidates], late: Callable[[], Candidates] | None = None
    ) -> Candidates:
        """What the step returns, recorded under the name; or what stands in for it when time is spent."""
        started = self._clock()
        fault = None
        if late is not None and self.is_late():
            step, fault = late, LATE
        after = step()
        self._add(name, rows_in, after, started, fault)
        return after

    def trace(self) -> Trace:
        """All that was recorded."""
        return Trace(stages=tuple(self._stages))

    def is_late(self) -> bool:
        """Whether the time is spent."""
        return self._deadline is not None and self._clock() >= self._deadline

    def _tell(self, name: str, fault: str) -> None:
        """Adds a fault to the row that the stage left when it ran first; a first fault stays."""
        place = [row.name for row in self._stages].index(name)
        row = self._stages[place]
        self._stages[place] = row._replace(fault=row.fault or fault)

    def _add(self, name: str, rows_in: int, after: Candidates, started: float, fault: str | None) -> None:
        rules = _rules(after) if RULE in after.columns else NO_RULES
        row = StageTrace(name, rows_in, len(after), self._clock() - started, fault, rules)
        if self._details:
            scores = after.array("score") if "score" in after.columns else None
            row = row._replace(item_rows=after.item_rows, offsets=after.offsets, scores=scores)
        self._stages.append(row)


def _hydrated(stage: RequestStage, requests: Requests, *, is_late: bool) -> tuple[Mapping[str, Column], str | None]:
    if stage.missing is None:
        return stage.columns(requests), None
    if is_late:
        return stage.missing(requests), LATE
    try:
        return stage.columns(requests), None
    except Unavailable as error:
        return stage.missing(requests), str(error)


def attempt(stage: Stage, requests: Requests, candidates: Candidates) -> tuple[Candidates, str | None]:
    """Candidates after the stage, or as they were together with its fault where it may be skipped."""
    try:
        return stage(requests, candidates), None
    except Unavailable as error:
        if stage.on_fault == "fail":
            raise
        return candidates, str(error)


def _rules(after: Candidates) -> Mapping[str, int]:
    by_rule: list[int] = after.array(RULE).tolist()
    return {name: by_rule.count(rule) for name, rule in RULES}
