"""Whatever is asked, k items come whenever k are allowed, and what was seen only when nothing else is."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from winnow.api.recommendations import RecommendationRequest
from winnow.engine.engine import Engine
from winnow.engine.open_engine import open_engine
from winnow.pipeline.joined_requests import joined_requests
from winnow.schema.schema import EventType
from winnow.serving.routes.recommendations_route import one_request
from winnow.stores.event import Event

VISITORS, BATCH = 60, 125
Card = Mapping[str, Any]


@dataclass(frozen=True)
class Shop:
    """Visitors who have had nothing, much or everything, and items of which some are withdrawn."""

    engine: Engine
    cards: Mapping[str, Card]
    seen: Mapping[str, frozenset[str]]
    now: float


@pytest.fixture(scope="module")
def visited(bundle: Path) -> Shop:
    draw, now = np.random.default_rng(5), time.time()
    engine = open_engine(bundle)
    catalogue = engine.catalogue
    cards = dict(zip(catalogue.item_ids, catalogue.cards, strict=True))
    seen: dict[str, frozenset[str]] = {"": frozenset()}
    for number in range(VISITORS):
        share = (0.0, 0.3, 0.7, 0.95, 1.0)[number % 5]
        had = [item for item in catalogue.item_ids if draw.random() < share]
        seen[f"visitor {number}"] = frozenset(had)
        engine.state.append(
            [
                Event(
                    user_id=f"visitor {number}",
                    item_id=item,
                    type=EventType.CLICK,
                    at=now - 60,
                    event_id=f"{number} {item}",
                )
                for item in had
            ]
        )
    withdrawn = [item for item in catalogue.item_ids if draw.random() < 0.1]
    kept = {item: card for item, card in cards.items() if item not in withdrawn}
    return Shop(engine=engine.without(withdrawn), cards=kept, seen=seen, now=now)


def some(draw: np.random.Generator, names: list[str], share: float) -> list[str]:
    return [name for name in names if draw.random() < share]


def drawn_request(draw: np.random.Generator, shop: Shop) -> RecommendationRequest:
    items, filters = list(shop.engine.catalogue.item_ids), dict[str, Any]()
    if draw.random() < 0.3:
        filters["category"] = some(draw, sorted({card["category"] for card in shop.cards.values()}), 0.4)
    if draw.random() < 0.3:
        low, high = sorted(draw.uniform(0, 150, 2).tolist())
        filters["price"] = [{"min": low}, {"max": high}, {"min": low, "max": high}][draw.integers(3)]
    return RecommendationRequest(
        user_id=str(draw.choice(list(shop.seen))),
        k=int(draw.choice([0, 1, 5, 10, 30, 100, 200])),
        exclude=[*some(draw, items, float(draw.choice([0, 0.2, 0.9]))), "no such item"],
        filters=filters,
        allow=some(draw, items, 0.5) if draw.random() < 0.2 else None,
    )


def fits(asked: RecommendationRequest, item: str, card: Card) -> bool:
    """Whether an item may be shown, by what people see of it."""
    price, wanted = card["price"], asked.filters.get("price", {})
    return (
        item not in asked.exclude
        and (asked.allow is None or item in asked.allow)
        and card["category"] in asked.filters.get("category", [card["category"]])
        and wanted.get("min", price) <= price <= wanted.get("max", price)
    )


def check(shop: Shop, asked: RecommendationRequest, items: list[str], flags: list[bool]) -> None:
    allowed = {item for item, card in shop.cards.items() if fits(asked, item, card)}
    seen = shop.seen[asked.user_id or ""]
    assert len(items) == min(asked.k, len(allowed))
    assert len(set(items)) == len(items)
    assert set(items) <= allowed
    assert flags == [item in seen for item in items]
    assert flags == sorted(flags), "what was seen comes last"
    if any(flags):
        assert allowed - seen <= set(items)


@pytest.mark.parametrize("number", [1_000, pytest.param(10_000, marks=pytest.mark.slow)])
def test_k_items_come_whenever_k_are_allowed_and_seen_ones_only_for_want_of_others(visited, number):
    draw, flagged, short = np.random.default_rng(number), 0, 0
    for _ in range(number // BATCH):
        asked = [drawn_request(draw, visited) for _ in range(BATCH)]
        parts = [one_request(visited.engine, each, f"r{place}", visited.now) for place, each in enumerate(asked)]
        answer = visited.engine.pipeline(joined_requests(parts))
        for place, each in enumerate(asked):
            own = answer.alone(place)
            items = [visited.engine.catalogue.item_ids[row] for row in own.item_rows.tolist()]
            check(visited, each, items, own.seen.tolist())
            flagged, short = flagged + bool(own.seen.any()), short + (len(items) < each.k)
    assert flagged > number // 20, "seen items have to come back in many of them, or this shows nothing"
    assert short > number // 20, "likewise, fewer than k have to be allowed"
