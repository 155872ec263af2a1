"""On a trained shop each source proposes what it must, and only that."""

from dataclasses import replace

import numpy as np
import pytest

from tests.trained_shop import values_of_items
from tests.unit.pipeline.tables import items, requests_of
from winnow.engine.engine import Engine
from winnow.pipeline.candidates import Candidates
from winnow.pipeline.requests import Requests
from winnow.schema.column import Array

NOW = 4e9


@pytest.fixture(scope="module")
def requests(engine: Engine) -> Requests:
    """Of all users that the events know, after everything that the bundle knows."""
    users = engine.state.base.user_ids
    asked = replace(requests_of(users), at=np.full(len(users), NOW))
    for stage in engine.pipeline.request_stages:
        asked = asked.with_columns(stage.columns(asked))
    return asked


def proposed(engine: Engine, requests: Requests, name: str, k: int = 20) -> Candidates:
    source = next(each.source for each in engine.pipeline.sources if each.name == name)
    return source.retrieve(requests, k)


def had(requests: Requests) -> list[list[int]]:
    return [requests.ragged("had").row(n).tolist() for n in range(len(requests))]


def test_the_users_own_items_are_proposed_where_people_come_back(engine, requests):
    assert engine.stock.counts.repeats > 0.1
    for found, own in zip(items(proposed(engine, requests, "own")), had(requests), strict=True):
        assert set(found) <= set(own)
        assert len(found) == min(20, len(own))


def test_what_goes_together_is_of_the_users_taste(engine, requests, shop):
    """Tastes are planted in styles: neighbours share the style of what was had far more often than chance."""
    style = np.array([values["style"] for values in values_of_items(shop).values()])
    assert share_alike(proposed(engine, requests, "covisited"), requests, style) > 1.3 * base_rate(requests, style)


def test_items_of_the_last_categories_and_only_those(engine, requests):
    codes = engine.catalogue.codes[:, list(engine.categories.columns)]
    found = proposed(engine, requests, "category")
    for rows, own in zip(items(found), had(requests), strict=True):
        mine = {(column, code) for row in own[:10] for column, code in enumerate(codes[row].tolist())}
        assert all(mine & set(enumerate(codes[row].tolist())) for row in rows)


def test_similar_items_are_nearer_in_content_than_chance(engine, requests):
    vectors = np.concatenate(list(engine.catalogue.vectors.values()), axis=1)
    found = proposed(engine, requests, "similar")
    nearness = [
        float(np.mean(vectors[rows] @ vectors[own[:5]].T))
        for rows, own in zip(items(found), had(requests), strict=True)
        if rows
    ]
    assert np.mean(nearness) > 0.2 + float(np.mean(vectors @ vectors.T))


def test_trending_and_popular_are_in_order_and_differ(engine, requests):
    for name, weights in (("trending", engine.stock.counts.trending), ("popular", engine.stock.popularity)):
        first = items(proposed(engine, requests.take(np.array([0])), name))[0]
        assert weights[first].tolist() == sorted(weights.tolist(), reverse=True)[:20]


def test_a_new_item_is_fresh_at_once_and_a_withdrawn_one_is_proposed_by_nobody(engine, requests, shop):
    values = values_of_items(shop)
    best = engine.catalogue.item_ids[int(engine.stock.popularity.argmax())]
    after = engine.with_items({"first": values[best], "second": values[best]})
    one = requests.take(np.array([0]))
    assert [after.catalogue.item_ids[row] for row in items(proposed(after, one, "fresh"))[0][:2]] == ["second", "first"]
    gone = after.without(["second", best])
    answers = gone.pipeline(requests_of(requests.user_ids[:50], k=1000))
    names = {gone.catalogue.item_ids[row] for row in answers.item_rows}
    assert {"second", best} & names == set()
    assert "first" in names


def share_alike(found: Candidates, requests: Requests, kinds: Array) -> float:
    """How often a proposed item is of the kind of an item that the user had."""
    pairs = zip(items(found), had(requests), strict=True)
    return float(np.mean([np.isin(kinds[rows], kinds[own]).mean() for rows, own in pairs if rows]))


def base_rate(requests: Requests, kinds: Array) -> float:
    return float(np.mean([np.isin(kinds, kinds[own]).mean() for own in had(requests) if own]))
