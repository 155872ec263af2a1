"""Items as they would be without their pictures or words."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from tests.trained_shop import values_of_items
from tests.unit.bundle.small_bundle import forge
from tests.unit.serving.small_engine import small_engine
from winnow.bundle.bundle import ATTACHMENTS
from winnow.engine import hidden_content as module
from winnow.engine.engine import Engine
from winnow.engine.open_engine import open_engine
from winnow.schema.errors import RequestError

WORDS, PICTURE = "description", "picture"


@pytest.fixture(scope="module")
def engine(bundle: Path) -> Engine:
    return open_engine(bundle)


@pytest.fixture
def some(engine: Engine) -> np.ndarray:
    return np.arange(len(engine.catalogue)) % 3 == 0


def test_hidden_items_are_as_if_the_shop_had_said_nothing(engine, shop, some):
    told = values_of_items(shop)
    names = np.array(engine.catalogue.item_ids)[some].tolist()
    bare = engine.with_items({name: {**told[name], WORDS: None} for name in names})
    hidden = engine.hiding([WORDS], some)
    for name, vectors in hidden.catalogue.vectors.items():
        np.testing.assert_allclose(vectors, bare.catalogue.vectors[name], atol=1e-6, err_msg=name)
    np.testing.assert_allclose(hidden.catalogue.tower, bare.catalogue.tower, atol=1e-6)
    assert np.abs(hidden.catalogue.tower - engine.catalogue.tower)[some].max() > 1e-3


def test_everything_else_stays_to_the_last_bit(engine, some):
    before = {name: vectors.copy() for name, vectors in engine.catalogue.vectors.items()}
    hidden = engine.hiding([PICTURE], some).catalogue
    np.testing.assert_array_equal(hidden.tower[~some], engine.catalogue.tower[~some])
    np.testing.assert_array_equal(hidden.vectors[PICTURE][~some], engine.catalogue.vectors[PICTURE][~some])
    np.testing.assert_array_equal(hidden.vectors[WORDS], engine.catalogue.vectors[WORDS])
    assert not hidden.vectors[PICTURE][some].any()
    for name in ("codes", "values", "hashes", "allowed"):
        np.testing.assert_array_equal(getattr(hidden, name), getattr(engine.catalogue, name))
    for name, vectors in before.items():
        np.testing.assert_array_equal(engine.catalogue.vectors[name], vectors)


def test_what_is_not_there_cannot_be_hidden(engine, some):
    nothing = np.zeros(len(some), bool)
    once = engine.hiding([WORDS, PICTURE], some)
    for names, rows, before in ([[], ~nothing, engine], [[WORDS], nothing, engine], [[WORDS, PICTURE], some, once]):
        after = before.hiding(names, rows)
        np.testing.assert_array_equal(after.catalogue.tower, before.catalogue.tower)


def test_the_index_finds_items_by_their_new_vectors_and_answers_follow(engine, some):
    hidden = engine.hiding([WORDS, PICTURE], some)
    queries = hidden.catalogue.tower[some][:5]
    _, scores = hidden.stock.index.search(queries, 3)
    best = np.sort(queries @ hidden.catalogue.tower.T, axis=1)[:, ::-1][:, :3]
    np.testing.assert_allclose(scores, best, atol=1e-6)
    assert hidden.pipeline is not engine.pipeline
    assert hidden.retrieval is not None
    assert hidden.stock.popularity is engine.stock.popularity


def test_pieces_do_not_show(engine, some, monkeypatch):
    whole = engine.hiding([WORDS], some).catalogue.tower
    monkeypatch.setattr(module, "ROWS_AT_ONCE", 7)
    np.testing.assert_allclose(engine.hiding([WORDS], some).catalogue.tower, whole, atol=1e-6)


def test_withdrawn_items_stay_withdrawn(engine, some):
    gone = engine.catalogue.item_ids[0]
    hidden = engine.without([gone]).hiding([WORDS], some)
    assert not hidden.catalogue.allowed[0]
    assert hidden.catalogue.allowed[1:].all()


def test_content_that_nobody_has_is_a_sentence(engine, some):
    with pytest.raises(ValueError, match=r"no content vectors 'smell'; it has: .*picture"):
        engine.hiding(["smell"], some)


def test_a_bundle_without_an_item_tower_cannot_tell(bundle, tmp_path):
    copy = shutil.copytree(bundle, tmp_path / "bundle", ignore=shutil.ignore_patterns(ATTACHMENTS))
    shutil.rmtree(copy / "item")
    forge(copy)
    for engine in (open_engine(copy), small_engine()):
        with pytest.raises(RequestError, match="lacks the item tower"):
            engine.hiding([], np.zeros(len(engine.catalogue), bool))
