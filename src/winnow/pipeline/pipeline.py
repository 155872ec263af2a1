"""The request path, whole: know the user, retrieve, filter, fill, rank, select."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from time import perf_counter

import numpy as np

from winnow.pipeline.candidates import Candidates, no_candidates
from winnow.pipeline.guarantee import allowed_everywhere, fill, replaced
from winnow.pipeline.judged import Judged
from winnow.pipeline.merge import RANKS, merge
from winnow.pipeline.places_of import places_of
from winnow.pipeline.recommendations import Recommendations
from winnow.pipeline.recorder import RULE, Recorder
from winnow.pipeline.removed_by import removed_by
from winnow.pipeline.requests import Requests
from winnow.pipeline.roles import Selector, Source
from winnow.pipeline.stage import RequestStage, Stage
from winnow.pipeline.together import together
from winnow.schema.column import Array, Bools

WIDER = 4
"""How many times more candidates the sources are asked for when too few survive the filters."""
STEPS = ("retrieve", "fill", "select")
"""Rows of the Trace that are the pipeline's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotaSource:
    """A source and how many candidates it may propose for a request."""

    name: str
    source: Source
    quota: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipeline:
    """Requests in, recommendations out. The same object serves, is evaluated, and makes the ranker's training rows.

    Attributes:
        num_items: catalogue size.
        request_stages: what is looked up before retrieval, in order.
        sources: asked in order, merged. A source is a row of the Trace, as a stage is.
        filters: in order; the soft ones give way when nothing else is left.
        fallback: all items, most popular first.
        ranking: hydration and scoring of the survivors; sets `score`.
        selector: picks and orders the answer.
        late_selector: stands in for it when the time of the requests is spent; None: it picks all the same.
        clock: what deadlines of requests are instants of, in seconds.

    Raises:
        ValueError: two stages or sources have one name; the Trace could not tell them apart.
    """

    num_items: int
    request_stages: tuple[RequestStage, ...]
    sources: tuple[QuotaSource, ...]
    filters: tuple[Stage, ...]
    fallback: Source
    ranking: tuple[Stage, ...]
    selector: Selector
    late_selector: Selector | None = None
    clock: Callable[[], float] = perf_counter

    def __post_init__(self) -> None:
        parts = (self.request_stages, self.sources, self.filters, self.ranking)
        names = [*STEPS, *(each.name for part in parts for each in part)]
        if twice := [name for name in names if names.count(name) > 1]:
            raise ValueError(f"Two stages of the pipeline are called '{twice[0]}'; rename one of them.")

    def __call__(self, requests: Requests, details: bool = False) -> Recommendations:
        """Answers B requests.

        Args:
            requests: as asked, without columns.
            details: run stages that no answer depends on too, and keep the candidates after every stage in the Trace.
        """
        recorder = Recorder(details=details, deadline=requests.deadline, clock=self.clock)
        requests, candidates = self._candidates(recorder, requests, whole=details)
        late = self.late_selector
        chosen = recorder.timed(
            "select",
            len(candidates),
            lambda: _selected(self.selector, requests, candidates),
            None if late is None else lambda: _selected(late, requests, candidates),
        )
        return Recommendations(
            request_ids=requests.request_ids,
            item_rows=chosen.item_rows,
            offsets=chosen.offsets,
            scores=chosen.array("score"),
            propensities=chosen.array("propensity"),
            seen=chosen.array("seen"),
            trace=recorder.trace(),
            requests=requests,
            chosen=chosen,
        )

    def candidates(self, requests: Requests) -> tuple[Requests, Candidates]:
        """The hydrated requests and all scored candidates, before selection: what a ranker is trained on."""
        return self._candidates(Recorder(details=False), requests, whole=True)

    def judge(self, requests: Requests, items: Candidates) -> Judged:
        """What given items are worth to the requests, whatever the filters say of them.

        An item that is a candidate has the score that it has in an answer. Any other is ranked once more together with
        the candidates, with what its sources say of it; of one that no source proposes, they say nothing. Where the
        time is spent before that, all of them have the scores that stand in for it, so that they can be compared.

        Args:
            requests: B of them, as asked, without columns.
            items: for the same requests, no item twice for one of them, without columns.
        """
        recorder = Recorder(details=False, deadline=requests.deadline, clock=self.clock)
        requests, found = self._found(recorder, requests, whole=True)
        rivals = self._survivors(recorder, requests, found)
        ranked = self._ranked(recorder, requests, rivals, whole=True)
        among = places_of(items, ranked, self.num_items) >= 0
        if not among.all():
            others = items.keep(~among)
            proposed = found.keep(places_of(found, others, self.num_items) >= 0)
            unknown = others.keep(places_of(others, found, self.num_items) < 0)
            again = together(together(rivals, proposed), unknown)
            is_late = recorder.is_late()
            for stage in self.ranking:
                again = (recorder.stand_in if is_late else recorder.apply)(stage, requests, again)
            again = again if is_late else again.keep(places_of(again, others, self.num_items) >= 0)
            ranked = again if is_late else together(ranked, again)
        judged = ranked.take(places_of(items, ranked, self.num_items), items.offsets)
        return Judged(
            items=judged,
            proposed_by=self._proposed_by(items, found, judged),
            removed_by=removed_by(self.filters, requests, items),
            requests=requests,
            trace=recorder.trace(),
        )

    def without(self, name: str) -> "Pipeline":
        """The same pipeline without the filter of that name."""
        names = [stage.name for stage in self.filters]
        if name not in names:
            raise ValueError(f"There is no filter '{name}'; the filters are: {', '.join(names)}.")
        return replace(self, filters=tuple(stage for stage in self.filters if stage.name != name))

    def _candidates(self, recorder: Recorder, requests: Requests, *, whole: bool) -> tuple[Requests, Candidates]:
        """Of all stages, or of those alone that an answer depends on."""
        requests, found = self._found(recorder, requests, whole=whole)
        return requests, self._ranked(recorder, requests, self._survivors(recorder, requests, found), whole=whole)

    def _found(self, recorder: Recorder, requests: Requests, *, whole: bool) -> tuple[Requests, Candidates]:
        for stage in self.request_stages:
            if whole or not stage.unread:
                requests = recorder.hydrate(stage, requests)
        return requests, recorder.timed("retrieve", 0, lambda: self._retrieved(recorder, requests))

    def _survivors(self, recorder: Recorder, requests: Requests, candidates: Candidates) -> Candidates:
        for stage in self.filters:
            candidates = recorder.run(stage, requests, candidates)
        short = self._short(requests, candidates)
        fill = partial(self._filled, recorder, requests, candidates, short)
        late = partial(fill, widen=False) if len(short) else None
        return recorder.timed("fill", len(candidates), fill, late)

    def _ranked(self, recorder: Recorder, requests: Requests, candidates: Candidates, *, whole: bool) -> Candidates:
        for stage in self.ranking:
            if whole or not stage.unread:
                candidates = recorder.run(stage, requests, candidates)
        return candidates

    def _retrieved(self, recorder: Recorder, requests: Requests) -> Candidates:
        found: dict[str, Candidates] = {}
        for each in self.sources:
            # The first one is asked in any case: else nothing would be the user's own.
            late = partial(no_candidates, len(requests)) if found else None
            step = partial(each.source.retrieve, requests, each.quota)
            found[each.name] = recorder.timed(each.name, 0, step, late)
        return merge(found, self.num_items)

    def _short(self, requests: Requests, candidates: Candidates) -> Array:
        """int64, places of the requests that have fewer candidates than they want items."""
        return (candidates.counts < np.minimum(requests.k, self.num_items)).nonzero()[0]

    def _filled(
        self, recorder: Recorder, requests: Requests, candidates: Candidates, short: Array, *, widen: bool = True
    ) -> Candidates:
        """Guaranteed k: ask the sources for more, then let popularity fill up, then let seen items return."""
        if len(short) and widen:
            wider = self._widened(recorder, requests.take(short))
            candidates = replaced(candidates, short, wider)
            short = self._short(requests, candidates)
        candidates = candidates.with_columns({"seen": np.zeros(len(candidates), bool)})
        if len(short):
            asking = requests.take(short)
            everything, unseen = allowed_everywhere(
                asking, self.fallback.retrieve(asking, self.num_items), self.filters, recorder.apply
            )
            own = candidates.keep(np.isin(candidates.request_of(), short))
            own = Candidates(item_rows=own.item_rows, offsets=_offsets(own, short), columns=own.columns)
            candidates = replaced(candidates, short, fill(asking, own, everything, unseen))
        return candidates

    def _proposed_by(self, items: Candidates, found: Candidates, judged: Candidates) -> Mapping[str, Bools]:
        # What comes back although seen has lost what its sources said, for the ranker; not for people.
        place = places_of(items, found, self.num_items)
        ranks = np.append(found.array(RANKS), np.full((1, len(self.sources)), np.nan), axis=0)[place]
        proposed = ~np.isnan(ranks) | ~np.isnan(judged.array(RANKS))
        return {each.name: proposed[:, number] for number, each in enumerate(self.sources)}

    def _widened(self, recorder: Recorder, requests: Requests) -> Candidates:
        found = {each.name: each.source.retrieve(requests, each.quota * WIDER) for each in self.sources}
        candidates = merge(found, self.num_items)
        for stage in self.filters:
            candidates = recorder.apply(stage, requests, candidates)
        return candidates


def _selected(selector: Selector, requests: Requests, candidates: Candidates) -> Candidates:
    selection = selector.select(requests, candidates)
    chosen = candidates.take(selection.rows, selection.offsets)
    return chosen.with_columns({"propensity": selection.propensities, RULE: selection.all_rules})


def _offsets(candidates: Candidates, requests: np.ndarray) -> np.ndarray:
    return np.append(candidates.offsets[requests], candidates.offsets[-1])
