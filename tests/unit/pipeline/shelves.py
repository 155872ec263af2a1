"""Small shelves of items with vectors and brands, what is scored of them, and what was shown of them before."""

import math
from dataclasses import dataclass, replace

import numpy as np
from hypothesis import strategies as st

from tests.unit.pipeline.tables import candidates_of, lists, ragged_of, requests_of
from winnow.pipeline.candidates import Candidates
from winnow.pipeline.relevance_hydrator import RelevanceHydrator
from winnow.pipeline.requests import Requests
from winnow.pipeline.roles import Selector
from winnow.pipeline.rule import Rule
from winnow.schema.column import Array

SIZE = 8
NUMBERS = st.integers(-2, 2).map(float)
SCORES = NUMBERS | st.sampled_from([math.nan, math.inf, -math.inf])


@dataclass(frozen=True)
class Shelf:
    """Items 0 to 7, and one caller.

    Attributes:
        vectors: [8, 3], some of them zero, some alike.
        brands: of each item, -1 for none.
        scored: score and whether it is flagged `seen`, by item; not all items are candidates.
        shown: on earlier pages; none of them is a candidate.
    """

    vectors: Array
    brands: Array
    scored: dict[int, tuple[float, bool]]
    shown: tuple[int, ...]
    k: int
    seed: int

    @property
    def request(self) -> Requests:
        asked = requests_of([""], k=[self.k], seeds=[self.seed])
        return replace(asked, shown=ragged_of([self.shown])) if self.shown else asked

    @property
    def candidates(self) -> Candidates:
        """In descending order of the items, so that ties by item row are not ties by position."""
        found = sorted(self.scored, reverse=True)
        scores, seen = [[self.scored[item][part] for item in found] for part in (0, 1)]
        made = candidates_of([found], score=scores, seen=seen)
        return made.with_columns(RelevanceHydrator().columns(self.request, made))

    @property
    def relevance(self) -> dict[int, float]:
        made = self.candidates
        return dict(zip(made.item_rows.tolist(), made.array("relevance").tolist(), strict=True))

    def cosine(self, one: int, other: int) -> float:
        lengths = np.linalg.norm(self.vectors[[one, other]], axis=1)
        return float(self.vectors[one] @ self.vectors[other]) / (float(lengths.prod()) or 1.0)

    def tier(self, item: int) -> tuple[bool, bool]:
        score, seen = self.scored[item]
        return seen, math.isnan(score)

    def place(self, item: int) -> tuple[bool, bool, float, int]:
        """Less is better: unseen, with a score, the higher the better, the earlier row."""
        score = self.scored[item][0]
        return *self.tier(item), 0.0 if math.isnan(score) else -score, item


@dataclass(frozen=True)
class Answer:
    items: list[int]
    propensities: list[float]
    rules: list[Rule]


def answer(selector: Selector, shelf: Shelf) -> Answer:
    candidates = shelf.candidates
    selection = selector.select(shelf.request, candidates)
    assert selection.offsets.tolist() == [0, len(selection.rows)]
    assert selection.propensities.dtype == np.float32
    return Answer(
        candidates.item_rows[selection.rows].tolist(),
        selection.propensities.tolist(),
        [Rule(each) for each in selection.all_rules],
    )


def pages(selector: Selector, shelf: Shelf, size: int) -> list[int]:
    """What comes page by page, where each page knows what the earlier ones have shown."""
    found: list[int] = []
    while len(found) < shelf.k:
        whole = shelf.candidates
        rest = whole.keep(~np.isin(whole.item_rows, found))
        asked = replace(shelf.request, shown=ragged_of([[*shelf.shown, *found]]))
        asked = replace(asked, k=np.array([min(size, shelf.k - len(found))]))
        page = selector.select(asked, rest)
        if not len(page.rows):
            break
        found += lists(rest.item_rows[page.rows], page.offsets)[0]
    return found


@st.composite
def shelves(draw: st.DrawFn, *, seen: bool = True, nan: bool = True) -> Shelf:
    items = range(SIZE)
    shown = draw(st.lists(st.sampled_from(items), unique=True, max_size=3))
    scored = st.tuples(SCORES if nan else NUMBERS, st.booleans() if seen else st.just(False))
    numbers = st.integers(-1, 1).map(float)
    return Shelf(
        vectors=np.array(
            draw(st.lists(st.tuples(numbers, numbers, numbers), min_size=SIZE, max_size=SIZE)), np.float32
        ),
        brands=np.array(draw(st.lists(st.integers(-1, 2), min_size=SIZE, max_size=SIZE)), np.int32),
        scored=draw(st.dictionaries(st.sampled_from([item for item in items if item not in shown]), scored)),
        shown=tuple(shown),
        k=draw(st.integers(0, SIZE + 1)),
        seed=draw(st.integers(0, 2**64 - 1)),
    )
