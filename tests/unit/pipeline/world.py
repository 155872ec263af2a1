"""Random small shops, whole pipelines over them, and a slow loop that knows every answer."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from hypothesis import strategies as st

from tests.unit.pipeline.tables import ListSource, SeenSets, TableScorer, catalogue_of, requests_of, seen_filter
from winnow.pipeline.candidates import Candidates
from winnow.pipeline.filters import AllowedFilter, ExcludeFilter, WantedFilter
from winnow.pipeline.pipeline import WIDER, Pipeline, QuotaSource
from winnow.pipeline.requests import Requests
from winnow.pipeline.roles import Selector
from winnow.pipeline.sources.shared_source import SharedSource
from winnow.pipeline.stage import filter_stage, score_stage, skippable_stage
from winnow.pipeline.state_hydrator import StateHydrator
from winnow.schema.column import Array
from winnow.stores.state_store import StateReader


@dataclass(frozen=True)
class Visitor:
    """What one caller asks, what the first source proposes to them, and what they have seen.

    Attributes:
        wanted: items that they choose from; None: all.
    """

    k: int
    proposed: Sequence[int]
    exclude: Sequence[int] = ()
    seen: frozenset[int] = frozenset()
    wanted: frozenset[int] | None = None


@dataclass(frozen=True)
class World:
    """A shop of numbered items and its visitors.

    Attributes:
        allowed, scores: by item.
        popular: all items, most popular first.
        quotas: of the source of proposals, and of popularity.
    """

    allowed: Sequence[bool]
    scores: Sequence[float]
    popular: Sequence[int]
    quotas: tuple[int, int]
    visitors: Sequence[Visitor]

    @property
    def num_items(self) -> int:
        return len(self.allowed)

    def requests(self, seed: int = 0) -> Requests:
        batch = range(len(self.visitors))
        asked = requests_of(
            [f"visitor-{number}" for number in batch],
            k=[visitor.k for visitor in self.visitors],
            exclude=[visitor.exclude for visitor in self.visitors],
            seeds=[seed + number for number in batch],
        )
        wanted = [visitor.wanted for visitor in self.visitors]
        items = range(self.num_items)
        masks = (None if each is None else np.array([item in each for item in items], bool) for each in wanted)
        return asked if all(each is None for each in wanted) else replace(asked, filters=tuple(masks))

    def possible(self, visitor: Visitor) -> set[int]:
        """All items that may ever come back."""
        allowed = {item for item, allowed in enumerate(self.allowed) if allowed} - set(visitor.exclude)
        return allowed if visitor.wanted is None else allowed & visitor.wanted


def pipeline_of(world: World, selector: Selector, *, state: StateReader | None = None) -> Pipeline:
    catalogue = catalogue_of(world.num_items, allowed=world.allowed)
    users = world.requests().user_ids
    pairs = list(zip(users, world.visitors, strict=True))
    seen = {user: set(catalogue.hashes[sorted(visitor.seen)].tolist()) for user, visitor in pairs}
    proposals = ListSource({user: visitor.proposed for user, visitor in pairs})
    weights = np.zeros(world.num_items, np.float32)
    weights[list(world.popular)] = np.arange(world.num_items, 0, -1)
    popular = SharedSource(order=np.array(world.popular, np.int64), weights=weights)
    hydrator = StateHydrator(store=state or SeenSets(seen), catalogue=catalogue)
    return Pipeline(
        num_items=world.num_items,
        request_stages=(skippable_stage("state", hydrator),),
        sources=(
            QuotaSource(name="proposals", source=proposals, quota=world.quotas[0]),
            QuotaSource(name="popular", source=popular, quota=world.quotas[1]),
        ),
        filters=(
            filter_stage("allowed", AllowedFilter(catalogue=catalogue)),
            filter_stage("wanted", WantedFilter()),
            filter_stage("exclude", ExcludeFilter(num_items=world.num_items)),
            filter_stage("seen", seen_filter(catalogue), soft=True),
        ),
        fallback=popular,
        ranking=(score_stage("rank", TableScorer(np.array(world.scores, np.float32)), late=PlainScorer()),),
        selector=selector,
    )


class PlainScorer:
    """Stands in for the table of scores: the last items first."""

    def score(self, requests: Requests, candidates: Candidates) -> Array:
        return candidates.item_rows.astype(np.float32)


def slow_answer(world: World, visitor: Visitor) -> list[int]:
    """What descending score answers: retrieve, widen, fill, sort, one item at a time."""
    possible = world.possible(visitor)

    def survivors(factor: int) -> set[int]:
        found = {*visitor.proposed[: world.quotas[0] * factor], *world.popular[: world.quotas[1] * factor]}
        return (found & possible) - visitor.seen

    found = survivors(1)
    if len(found) < min(visitor.k, world.num_items):
        found = survivors(WIDER)
    for comes_back in (possible - visitor.seen, possible & visitor.seen):
        for item in world.popular:
            if len(found) < visitor.k and item in comes_back:
                found.add(item)
    return sorted(found, key=lambda item: _place(world.scores[item], item, item in visitor.seen))[: visitor.k]


def _place(score: float, item: int, seen: bool) -> tuple[bool, bool, float, int]:
    missing = math.isnan(score)
    return seen, missing, 0.0 if missing else -score, item


@st.composite
def worlds(draw: st.DrawFn, max_items: int = 9) -> World:
    size = draw(st.integers(0, max_items))
    rows = st.integers(0, size - 1) if size else st.nothing()
    visitors = st.builds(
        Visitor,
        k=st.integers(0, size + 3),
        proposed=st.lists(rows, unique=True),
        exclude=st.lists(st.integers(-1, size - 1), max_size=4),
        seen=st.frozensets(rows),
        wanted=st.none() | st.frozensets(rows),
    )
    scores = st.one_of(st.integers(-2, 2).map(float), st.just(math.nan))
    return World(
        allowed=draw(st.lists(st.booleans(), min_size=size, max_size=size)),
        scores=draw(st.lists(scores, min_size=size, max_size=size)),
        popular=draw(st.permutations(range(size))),
        quotas=(draw(st.integers(1, 4)), draw(st.integers(1, 3))),
        visitors=draw(st.lists(visitors, max_size=4)),
    )
