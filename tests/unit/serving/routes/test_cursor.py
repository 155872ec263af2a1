import numpy as np

from winnow.schema.stable_hash import stable_hashes
from winnow.serving.routes.cursor import Cursor


def test_a_list_starts_with_nothing_shown_and_the_seed_of_its_request():
    start = Cursor.start("r")
    assert (start.pages, start.shown.tolist()) == (0, [])
    np.testing.assert_array_equal(start.page_seed, stable_hashes(["r"]))
    assert start.page_seed.dtype == np.uint64


def test_pages_are_counted_and_what_they_show_is_kept_in_order():
    cursor = Cursor.start("r").after(np.array([3, 2**64 - 1], np.uint64)).after(np.array([1], np.uint64))
    assert (cursor.pages, cursor.shown.tolist(), cursor.shown.dtype) == (2, [3, 2**64 - 1, 1], np.uint64)


def test_each_page_has_a_seed_of_its_own_and_always_the_same():
    pages = [Cursor.start("r")]
    for item in range(20):
        pages.append(pages[-1].after(np.array([item], np.uint64)))
    assert len({int(page.page_seed[0]) for page in pages}) == 21
    again = Cursor.start("r").after(np.array([9], np.uint64))
    np.testing.assert_array_equal(again.page_seed, pages[1].page_seed)
