"""Where a visitor is in the catalogue, and its pages."""

import pytest

from winnow.ui.browsing import ON_A_PAGE, Browsing
from winnow.ui.pager import named
from winnow.ui.visit import Visit
from winnow.ui.wanted import parts, toggled, with_filter


def test_an_address_carries_words_order_and_page() -> None:
    browsing = Browsing(query="a b", sort="-price", page=3)
    assert Browsing.read(browsing.pairs()) == browsing
    assert Browsing().pairs() == []
    assert browsing.request(Visit()).offset == 2 * ON_A_PAGE


@pytest.mark.parametrize("page", ["0", "-1", "x", "", "²", "9" * 5000])
def test_a_page_that_makes_no_sense_is_the_first_or_the_last(page: str) -> None:
    assert Browsing.read([("page", page)]).page == 1


def test_the_first_the_last_and_the_near_pages_have_links() -> None:
    assert named(1, 1) == [1]
    assert named(5, 9) == [1, 4, 5, 6, 9]
    assert named(40, 9) == [1, 9]


def test_filters_are_said_and_taken_back_one_by_one() -> None:
    visit = with_filter(toggled(toggled(Visit(), "made_for", "f"), "made_for", "m"), "price", {"max": 60.0})
    words = dict(parts(visit))
    assert [*words] == ["Made for: f", "Made for: m", "Price to 60"]
    assert words["Made for: f"].filters == {"made_for": ["m"], "price": {"max": 60.0}}
    assert toggled(toggled(Visit(), "a", "b"), "a", "b") == Visit()
