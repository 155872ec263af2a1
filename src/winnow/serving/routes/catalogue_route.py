"""`POST /v1/catalogue`."""

from dataclasses import dataclass, field
from typing import cast

import numpy as np
from fastapi import Request, Response
from pydantic import TypeAdapter
from starlette.concurrency import run_in_threadpool

from winnow.api.catalogue import CatalogueRequest, CatalogueResponse, ListedItem
from winnow.engine.engine import Engine
from winnow.features.filter_values import FilterNumbers
from winnow.pipeline.browse.listing import listing
from winnow.pipeline.catalogue import Catalogue
from winnow.schema.column import Array
from winnow.serving.engines.live_engine import LiveEngine
from winnow.serving.errors import json_response
from winnow.serving.routes.json_body import described, invalid, read_json
from winnow.serving.routes.word_search import WordSearch

BROWSED = TypeAdapter(CatalogueRequest)
POPULAR, NEW = "popular", "new"


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueRoute:
    """Answers from the catalogue alone: no user, no pipeline.

    Attributes:
        live: the engine of the moment.
        search: over the words of its cards.
    """

    live: LiveEngine
    search: WordSearch = field(default_factory=WordSearch)

    async def post(self, request: Request) -> Response:
        """Look through the items that may be recommended now: by words, by filters, in an order, page by page."""
        asked = await read_json(request, BROWSED)
        # In a thread: the work grows with the catalogue, and requests go on meanwhile.
        answer = await run_in_threadpool(self._page, self.live.current, asked, request.state.request_id)
        return json_response(answer)

    def _page(self, engine: Engine, asked: CatalogueRequest, request_id: str) -> CatalogueResponse:
        catalogue, found, in_title = engine.catalogue, engine.catalogue.allowed, None
        if asked.query:
            fits, in_title = self.search.fitting(engine, asked.query)
            found = found & fits
        page = listing(
            catalogue, found, asked.filters, _places(engine, asked.sort, in_title), (asked.offset, asked.limit)
        )
        return {
            "request_id": request_id,
            "bundle": engine.name,
            "total": page.total,
            "items": [_item(catalogue, row) for row in page.item_rows.tolist()],
            "facets": {name: dict(counts) for name, counts in page.counts.items()},
            "ranges": {name: {"min": least, "max": most} for name, (least, most) in page.ranges.items()},
        }


def _places(engine: Engine, sort: str, in_title: Array | None) -> Array:
    """float64 [I], least first.

    Raises:
        ApiError: 422, the bundle knows no such order.
    """
    if sort == NEW and engine.stock is not None and engine.stock.counts is not None:
        return _by_age(engine.stock.counts.first_at)
    if sort in ("", POPULAR):
        return _by_demand(engine, in_title if sort == "" else None)
    values = engine.catalogue.filters.get(sort.removeprefix("-"))
    if not isinstance(values, FilterNumbers):
        raise invalid(
            "sort", f"'sort' is {described(sort)}; the bundle that answers takes: {', '.join(_orders(engine))}."
        )
    return -values.values if sort.startswith("-") else values.values


def _orders(engine: Engine) -> list[str]:
    numbers = [name for name, values in engine.catalogue.filters.items() if isinstance(values, FilterNumbers)]
    known = [NEW] if engine.stock is not None and engine.stock.counts is not None else []
    return [POPULAR, *known, *(each for name in numbers for each in (name, f"-{name}"))]


def _by_demand(engine: Engine, in_title: Array | None) -> Array:
    if engine.stock is None:
        share = np.zeros(len(engine.catalogue))
    else:
        # Below 1, so that a word more in the title comes before any demand.
        share = engine.stock.popular.astype(np.float64)
        share /= share.max(initial=0) + 1
    return -share if in_title is None else -share - in_title


def _by_age(first_at: Array) -> Array:
    """As the source `fresh` has it: what nobody had yet, the latest row before the others, then what came last."""
    newest = len(first_at) - 1 - np.argsort(-first_at[::-1], kind="stable")
    places = np.empty(len(first_at))
    places[newest] = np.arange(len(first_at))
    return places


def _item(catalogue: Catalogue, row: int) -> ListedItem:
    card = catalogue.cards[row]
    own = {"item_id": catalogue.item_ids[row], "title": card.get("title")}
    # Our fields come first, and a card column of the same name does not replace them.
    return cast("ListedItem", {**own, **card, **own})
