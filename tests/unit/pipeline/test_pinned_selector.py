import math

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.pipeline.shelves import SIZE, answer, shelves
from winnow.pipeline.cap import Cap
from winnow.pipeline.capped_selector import CappedSelector
from winnow.pipeline.pinned_selector import PinnedSelector
from winnow.pipeline.rule import Rule
from winnow.pipeline.selectors import GumbelSelector, ScoreSelector

PLACES = st.dictionaries(st.integers(0, SIZE - 1), st.integers(1, SIZE + 2), max_size=3).filter(
    lambda places: len(set(places.values())) == len(places)
)


def slow_pins(shelf, places):
    """Pins of this page by place from 0: unseen candidates whose place is neither before nor behind the page."""
    here = {place - 1 - len(shelf.shown): item for item, place in places.items() if item in shelf.scored}
    return {place: here[place] for place in sorted(here) if 0 <= place < shelf.k and not shelf.scored[here[place]][1]}


@given(shelves(), PLACES)
def test_pins_stand_at_their_places_and_the_others_around_them_as_in_a_slow_loop(shelf, places):
    pins = slow_pins(shelf, places)
    others = sorted((item for item in shelf.scored if item not in pins.values()), key=shelf.place)
    expected = others[: shelf.k - len(pins)]
    for place, item in pins.items():
        unseen = sum(not shelf.scored[each][1] for each in expected)
        expected.insert(min(place, unseen), item)
    found = answer(PinnedSelector(selector=ScoreSelector(), places=places), shelf)
    assert found.items == expected
    assert found.rules == [Rule.PIN if item in pins.values() else Rule.WORTH for item in expected]
    assert found.propensities == [1.0] * len(expected)


@given(shelves(), PLACES)
def test_the_odds_of_the_others_are_those_without_the_pinned(shelf, places):
    found = answer(PinnedSelector(selector=GumbelSelector(), places=places), shelf)
    pins = slow_pins(shelf, places)
    drawn = [place for place, item in enumerate(found.items) if item not in pins.values()]
    for number, place in enumerate(drawn):
        score, seen = shelf.scored[found.items[place]]
        before = {found.items[each] for each in drawn[:number]} | set(pins.values())
        racing = [
            other
            for item, (other, had) in shelf.scored.items()
            if item not in before and had == seen and math.isfinite(other)
        ]
        expected = _share(score, racing)
        assert abs(found.propensities[place] - expected) <= 1e-6
    assert all(found.propensities[found.items.index(item)] == 1 for item in pins.values())


def _share(score, racing):
    return math.exp(score) / sum(map(math.exp, racing)) if math.isfinite(score) else 1.0


@given(shelves(seen=False, nan=False))
def test_a_pin_counts_for_the_cap_of_its_brand_and_no_cap_holds_for_it(shelf):
    capped = CappedSelector(selector=ScoreSelector(), caps=(Cap(values=shelf.brands, most=1),))
    found = answer(PinnedSelector(selector=capped, places={0: 1, 1: 2}), shelf)
    counted = [*shelf.shown, *(item for item, rule in zip(found.items, found.rules, strict=True) if rule is Rule.PIN)]
    for item, rule in zip(found.items, found.rules, strict=True):
        if rule is Rule.WORTH and shelf.brands[item] >= 0:
            assert shelf.brands[item] not in shelf.brands[counted]
            counted.append(item)


@given(shelves())
def test_without_pins_among_the_candidates_nothing_changes(shelf):
    assert answer(PinnedSelector(selector=GumbelSelector(), places={SIZE: 1}), shelf) == answer(GumbelSelector(), shelf)
