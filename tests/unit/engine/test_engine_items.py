"""Items that come, change and go while an engine runs."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.trained_shop import values_of_items
from tests.unit.bundle.small_bundle import forge
from tests.unit.pipeline.tables import requests_of
from tests.unit.serving.small_engine import small_engine
from winnow.bundle.bundle import ATTACHMENTS
from winnow.engine.engine import Engine
from winnow.engine.open_engine import open_engine
from winnow.schema.errors import RequestError

NOW = 4e9


@pytest.fixture(scope="module")
def engine(bundle: Path) -> Engine:
    return open_engine(bundle)


@pytest.fixture(scope="module")
def raw_items(shop: Path) -> dict[str, dict]:
    """What the shop says of its items, as JSON."""
    return values_of_items(shop)


def answered(engine: Engine, user_id: str = "u1", k: int = 1000) -> list[str]:
    answer = engine.pipeline(replace(requests_of([user_id], k=k), at=np.full(1, NOW)))
    return [engine.catalogue.item_ids[row] for row in answer.item_rows]


def test_an_item_as_it_was_changes_nothing(engine, raw_items):
    some = dict(list(raw_items.items())[:20])
    again = engine.with_items(some)
    rows = engine.catalogue.rows(list(some))
    assert again.catalogue.item_ids == engine.catalogue.item_ids
    np.testing.assert_array_equal(again.catalogue.codes, engine.catalogue.codes)
    np.testing.assert_array_equal(again.catalogue.values, engine.catalogue.values)
    for name, vectors in engine.catalogue.vectors.items():
        np.testing.assert_allclose(again.catalogue.vectors[name], vectors, atol=1e-6)
    np.testing.assert_allclose(again.catalogue.tower[rows], engine.catalogue.tower[rows], atol=1e-5)
    # A card names the file of a picture, and what came over HTTP has none.
    before = [{**engine.catalogue.cards[row], "picture": None} for row in rows]
    assert [again.catalogue.cards[row] for row in rows] == before
    np.testing.assert_array_equal(again.stock.popularity, engine.stock.popularity)


def test_a_new_item_is_found_ranked_and_shown_and_the_old_engine_does_not_know_it(engine, raw_items):
    like = engine.catalogue.item_ids[int(np.argmax(engine.stock.popularity))]
    after = engine.with_items({"quite new": raw_items[like]})
    row = after.catalogue.row("quite new")
    assert row == len(engine.catalogue)
    assert "quite new" in answered(after)
    assert after.catalogue.cards[row] == {**engine.catalogue.cards[engine.catalogue.row(like)], "picture": None}
    assert after.stock.popularity[row] == 0
    vector = after.catalogue.tower[row]
    found, scores = after.stock.index.search(vector[None], row + 1)
    assert scores[found == row] == pytest.approx(vector @ vector, rel=1e-5)
    assert engine.catalogue.row("quite new") == -1
    assert "quite new" not in answered(engine)


def test_a_new_item_is_a_copy_of_the_old_one_but_for_its_id(engine, raw_items):
    like = engine.catalogue.item_ids[3]
    after = engine.with_items({"as new": raw_items[like], "quite new": raw_items[like]}).catalogue
    for name, vectors in after.vectors.items():
        np.testing.assert_array_equal(vectors[-1], vectors[3], err_msg=name)
    np.testing.assert_array_equal(after.values[-1], after.values[3])
    assert (after.codes[-1] != after.codes[3]).sum() <= 1
    np.testing.assert_allclose(after.tower[-1], after.tower[-2], atol=1e-6, err_msg="no id of a new item says anything")
    assert not np.allclose(after.tower[-1], after.tower[3], atol=1e-3), "the id of a known one says what only it is"


def test_a_change_copies_the_vectors_of_the_tower_once(engine, raw_items):
    after = engine.with_items({"quite new": raw_items[engine.catalogue.item_ids[3]]})
    assert after.stock.index.vectors is after.catalogue.tower


def test_a_withdrawn_item_is_answered_to_nobody_and_may_come_back(engine, raw_items):
    first = answered(engine, k=1)[0]
    gone = engine.without([first, "no such item"])
    assert set(answered(gone)) == set(answered(engine)) - {first}
    assert first in answered(gone.with_items({first: raw_items[first]}))
    assert first in answered(engine)


def test_an_item_comes_without_being_available_and_becomes_so(engine, raw_items):
    schema = replace(engine.schema, available="in_stock")
    encoder = replace(engine.assembly.encoder, schema=schema)
    stocked = replace(engine, schema=schema, assembly=replace(engine.assembly, encoder=encoder))
    assert "in_stock" in stocked.item_columns
    values = next(iter(raw_items.values()))
    for word, there in ((False, False), (True, True), ("0", False), (None, True)):
        after = stocked.with_items({"quite new": {**values, "in_stock": word}, "other": values})
        assert ("quite new" in answered(after)) is there
        assert "other" in answered(after)
        assert "in_stock" not in after.catalogue.cards[-1]
    with pytest.raises(RequestError, match="The item field 'in_stock' is 'maybe'; true or false is wanted"):
        stocked.with_items({"quite new": {"in_stock": "maybe"}})


def test_what_is_absent_is_missing_and_still_an_item(engine):
    after = engine.with_items({"bare": {}})
    assert "bare" in answered(after)
    assert after.catalogue.cards[-1]["title"] is None


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"no_such": 1}, "The item field 'no_such' is not known to the bundle; an item has: "),
        ({"price": "cheap"}, "The item field 'price' is 'cheap'; a number"),
        ({"category": ["a"]}, r"The item field 'category' is \['a'\]; text or a number is wanted"),
        ({"title": 5}, "The item field 'title' is not text"),
        ({"item_id": "another"}, "The item field 'item_id' is not known"),
    ],
)
def test_a_wrong_value_is_a_sentence_that_names_the_field(engine, values, words):
    with pytest.raises(RequestError, match=words):
        engine.with_items({"quite new": values})


def test_a_bundle_without_an_item_tower_takes_no_items(bundle, tmp_path):
    copy = shutil.copytree(bundle, tmp_path / "bundle", ignore=shutil.ignore_patterns(ATTACHMENTS))
    shutil.rmtree(copy / "item")
    forge(copy)
    for engine in (open_engine(copy), small_engine()):
        with pytest.raises(RequestError, match="takes no items: it lacks the item tower"):
            engine.with_items({"quite new": {}})
        with pytest.raises(RequestError, match="takes no items"):
            engine.without(["item-0"])
