"""`GET /v1/items/{item_id}/similar`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

import numpy as np
from fastapi import Request, Response
from pydantic import TypeAdapter
from starlette.concurrency import run_in_threadpool

from winnow.api.similar import SimilarItem, SimilarRequest, SimilarResponse
from winnow.engine.engine import Engine
from winnow.pipeline.catalogue import Catalogue
from winnow.pipeline.similar_items import DECIMALS, SimilarItems, similar_items
from winnow.schema.column import Array
from winnow.schema.errors import RequestError
from winnow.serving.engines.live_engine import LiveEngine
from winnow.serving.errors import json_response
from winnow.serving.routes.answered_item import answered_item
from winnow.serving.routes.asked_parts import asked_parts
from winnow.serving.routes.ended_path import is_ended
from winnow.serving.routes.items_route import ItemsRoute
from winnow.serving.routes.json_body import invalid
from winnow.serving.routes.known_item import known_row
from winnow.serving.routes.query_values import read_query

SIMILAR = TypeAdapter(SimilarRequest)
ENDING = "/similar"


@dataclass(frozen=True, slots=True, kw_only=True)
class SimilarRoute:
    """Answers from the catalogue alone: no user, no pipeline.

    Attributes:
        live: the engine of the moment.
        items: for items whose own id ends with `/similar`.
    """

    live: LiveEngine
    items: ItemsRoute

    async def get(self, request: Request, item_id: str) -> Response:
        """The items that are most like an item, by behaviour, by content, or by a mix."""
        if not is_ended(request, ENDING):
            return await self.items.get(f"{item_id}{ENDING}")
        asked = read_query(request, SIMILAR)
        # In a thread: the work grows with the catalogue, and requests go on meanwhile.
        answer = await run_in_threadpool(similar_of, self.live.current, item_id, asked, request.state.request_id)
        return json_response(answer)


def similar_of(engine: Engine, item_id: str, asked: SimilarRequest, request_id: str) -> SimilarResponse:
    """The answer, ready for JSON.

    Raises:
        ApiError: 404 when there is no such item; 422 when `by` is not parts and weights, or the item lacks the parts.
    """
    catalogue = engine.catalogue
    row = known_row(catalogue, item_id)
    try:
        found = similar_items(catalogue, row, asked_parts(asked.by), asked.k)
    except RequestError as error:
        raise invalid("by", str(error)) from error
    return {
        "request_id": request_id,
        "bundle": engine.name,
        "item_id": item_id,
        "by": {name: round(share, DECIMALS) for name, share in found.shares.items()},
        "missing": list(found.missing),
        "items": _items(catalogue, found),
    }


def _items(catalogue: Catalogue, found: SimilarItems) -> list[SimilarItem]:
    places = zip(found.item_rows.tolist(), _rounded(found.scores), _parts(found.cosines), strict=True)
    answered = (
        answered_item(catalogue, rank, row, score, {"parts": parts})
        for rank, (row, score, parts) in enumerate(places, 1)
    )
    return [cast("SimilarItem", each) for each in answered]


def _parts(cosines: Mapping[str, Array]) -> list[dict[str, float]]:
    lines = zip(*map(_rounded, cosines.values()), strict=True)
    return [dict(zip(cosines, line, strict=True)) for line in lines]


def _rounded(values: Array) -> list[float]:
    # As float64 first: the nearest float32 of 0.9 is 0.8999999762.
    return values.astype(np.float64).round(DECIMALS).tolist()
