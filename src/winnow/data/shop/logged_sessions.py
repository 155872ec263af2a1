"""What a log of impressions tells of each visit: the clicks that came before each page."""

import numpy as np

from winnow.data.shop.click_model import NO_CODE, REMEMBERED
from winnow.data.shop.items import Items
from winnow.schema.column import Array, Bools

MOST_PAGES = 256


def last_clicks(session: Array, page: Array, position: Array, items: Array, clicked: Bools) -> Array:
    """int64 [N, REMEMBERED], item rows of the last clicks on earlier pages of the same visit, the last one last.

    Args:
        session: int64 [N].
        page: uint8 [N], number of the page within the visit.
        position: uint8 [N], on the page.
        items: int [N], rows.
        clicked: bool [N].

    Returns:
        -1 where there were fewer.
    """
    begins = np.unique(session, return_inverse=True)[1] * MOST_PAGES
    pages = begins + page
    clicks = np.flatnonzero(clicked)
    clicks = clicks[np.lexsort((position[clicks], pages[clicks]))]
    first, before = np.searchsorted(pages[clicks], begins), np.searchsorted(pages[clicks], pages)
    place = before[:, None] - np.arange(REMEMBERED, 0, -1)
    known = place >= first[:, None]
    rows = np.append(items[clicks], -1)  # so that there is something to read where nobody clicked
    return np.where(known, rows[np.where(known, place, -1)], -1)


def remembered(clicks: Array, items: Items) -> tuple[Array, Array]:
    """uint8 of the shape of `clicks`: their styles and colours, NO_CODE where there is none."""
    known = clicks >= 0
    return np.where(known, items.style[clicks], NO_CODE), np.where(known, items.colour[clicks], NO_CODE)
