from types import SimpleNamespace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from winnow.data.shop.click_model import NO_CODE
from winnow.data.shop.logged_sessions import last_clicks, remembered

places = st.tuples(st.integers(-1, 1), st.integers(0, 3), st.integers(1, 5))
logs = st.dictionaries(places, st.tuples(st.integers(0, 50), st.booleans()), max_size=40).flatmap(
    lambda rows: st.permutations(list(rows.items()))
)


def columns(rows):
    session, page, position, item, clicked = (
        np.array([(*place, *what) for place, what in rows], np.int64).reshape(-1, 5).T
    )
    return session * 2**40, page.astype(np.uint8), position.astype(np.uint8), item, clicked.astype(bool)


@given(rows=logs)
def test_the_last_clicks_are_those_on_earlier_pages_of_the_visit_in_any_order_of_rows(rows):
    told = last_clicks(*columns(rows))
    assert told.shape == (len(rows), 3)
    for row, ((session, page, _), _) in enumerate(rows):
        before = sorted(
            (place, item) for place, (item, clicked) in rows if clicked and place[0] == session and place[1] < page
        )
        last = [item for _, item in before][-3:]
        assert told[row].tolist() == [-1] * (3 - len(last)) + last


def test_clicks_of_the_same_page_are_not_known_to_it_yet():
    rows = [((1, 0, 1), (7, True)), ((1, 0, 2), (8, False)), ((1, 1, 1), (9, False))]
    assert last_clicks(*columns(rows)).tolist() == [[-1, -1, -1], [-1, -1, -1], [-1, -1, 7]]


def test_clicks_are_remembered_by_style_and_colour():
    items = SimpleNamespace(style=np.array([4, 5, 6], np.uint8), colour=np.array([9, 8, 7], np.uint8))
    styles, colours = remembered(np.array([[-1, 0, 2], [-1, -1, -1]]), items)
    assert styles.tolist() == [[NO_CODE, 4, 6], [NO_CODE] * 3]
    assert colours.tolist() == [[NO_CODE, 9, 7], [NO_CODE] * 3]
    assert styles.dtype == colours.dtype == np.uint8


def test_the_log_of_a_shop_tells_what_its_pages_remembered(tiny):
    rows = tiny.impressions
    assert ((rows["clicks"] >= 0).sum(axis=1) > 0).sum() > 3_000
    assert not (rows["clicks"][rows["page_number"] == 0] >= 0).any()
