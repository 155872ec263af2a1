import numpy as np
from hypothesis import given

from tests.unit.pipeline.shelves import answer, shelves
from tests.unit.pipeline.tables import candidates_of, requests_of
from tests.unit.pipeline.test_mmr_selector import DIVERSITIES, check_each_pick_is_the_best_of_what_is_left, twins
from winnow.pipeline.dpp_selector import FLOOR, DppSelector
from winnow.pipeline.selectors import ScoreSelector
from winnow.pipeline.tradeoff import Tradeoff


def dpp(shelf, diversity):
    return DppSelector(vectors=shelf.vectors, tradeoff=Tradeoff(diversity=diversity))


def determinant(shelf, items):
    kernel = [[1.0 if one == other else (1 + shelf.cosine(one, other)) / 2 for other in items] for one in items]
    return float(np.linalg.det(np.array(kernel).reshape(len(items), len(items))))


def spanning(shelf, items):
    """The items in order, without those that add nothing to the determinant."""
    kept = []
    for item in items:
        if determinant(shelf, [*kept, item]) > 1e-6 * determinant(shelf, kept):
            kept.append(item)
    return kept


@given(shelves(), DIVERSITIES)
def test_each_pick_adds_most_to_the_determinant_of_a_slow_loop(shelf, diversity):
    relevance = shelf.relevance

    def worth(item, before):
        basis = spanning(shelf, before)
        ratio = determinant(shelf, [*basis, item]) / determinant(shelf, basis)
        share = ratio if ratio > 1e-6 else FLOOR
        return (1 - diversity) * relevance[item] + diversity * np.log(share)

    found = answer(dpp(shelf, diversity), shelf)
    check_each_pick_is_the_best_of_what_is_left(shelf, found.items, worth)
    assert set(found.propensities) <= {1.0}


@given(shelves(nan=False, seen=False))
def test_the_first_two_maximise_the_determinant_of_the_kernel_itself(shelf):
    """The kernel as the paper writes it, exp(a r_i) S_ij exp(a r_j), with a = 1/2 at a diversity of a half."""
    found = answer(dpp(shelf, 0.5), shelf).items[:2]
    quality = {item: np.exp(relevance / 2) for item, relevance in shelf.relevance.items()}
    if shelf.shown or len(found) < 2:
        return

    def volume(items):
        return determinant(shelf, items) * np.prod([quality[item] ** 2 for item in items])

    best = max(volume([found[0], other]) for other in shelf.scored if other != found[0])
    assert quality[found[0]] == max(quality.values())
    assert volume(found) >= best - 1e-6


@given(shelves())
def test_without_diversity_it_is_the_order_of_scores(shelf):
    assert answer(dpp(shelf, 0.0), shelf) == answer(ScoreSelector(), shelf)


@given(shelves())
def test_twins_take_up_no_room_and_still_come(shelf):
    assert answer(dpp(twins(shelf), 0.8), twins(shelf)).items == [0, 2, 1]


def test_what_the_picks_span_already_comes_by_score():
    """Vectors of 3 numbers span 4 dimensions at most, of S; hundreds of items follow by score."""
    rng = np.random.default_rng(0)
    vectors, scores = rng.normal(size=(300, 3)).astype(np.float32), rng.normal(size=300)
    made = candidates_of([list(range(300))], score=scores, seen=[False] * 300)
    made = made.with_columns({"relevance": scores})
    selector = DppSelector(vectors=vectors, tradeoff=Tradeoff(diversity=0.5))
    rest = selector.select(requests_of([""], k=[300]), made).rows[4:]
    assert rest.tolist() == sorted(rest.tolist(), key=lambda row: -scores[row])
