"""What is known of clicks while items come, change, lose content and go, and bundles that know it only in part."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.trained_shop import values_of_items
from tests.unit.bundle.small_bundle import forge, raw_manifest
from tests.unit.pipeline.tables import requests_of
from winnow.bundle.bundle import ATTACHMENTS, SCHEMA_FILE
from winnow.engine import click_knowledge
from winnow.engine.engine import Engine
from winnow.engine.item_sides import KINDS, VECTORS
from winnow.engine.open_engine import open_engine
from winnow.engine.stock import Stock
from winnow.pipeline.click_hydrators import CHANCES, CLICKS
from winnow.pipeline.person_hydrator import MOST_CHOICES
from winnow.schema.errors import BundleError
from winnow.schema.schema_file import schema_from_dict
from winnow.stores.event import Event
from winnow.stores.showings import Showings

FILES = ("looks.npy", "taste_space.npz", "user_vectors.npz", "likings.npz", "showings.npz", "calibrator.json")
MADE = {"item_vectors", "item_pairs"}


@pytest.fixture(scope="module")
def engine(bundle: Path) -> Engine:
    return open_engine(bundle)


@pytest.fixture(scope="module")
def raw_items(shop: Path) -> dict[str, dict]:
    return values_of_items(shop)


@pytest.fixture
def copy(bundle: Path, tmp_path: Path) -> Path:
    """A bundle that may be changed."""
    return shutil.copytree(bundle, tmp_path / "bundle", ignore=shutil.ignore_patterns(ATTACHMENTS))


def told_anew(engine: Engine) -> dict[str, np.ndarray]:
    """As if the catalogue had been written as it is now."""
    stock = engine.stock
    return dict(engine.assembly.clicks.told(replace(stock, known={})).known)


def check_same(found: Stock, expected: dict[str, np.ndarray]) -> None:
    assert found.known.keys() == expected.keys() == MADE
    for name, each in expected.items():
        assert len(found.known[name]) == len(found.catalogue)
        np.testing.assert_allclose(found.known[name], each, rtol=0, atol=1e-6, err_msg=name)


def test_pieces_do_not_show(engine, monkeypatch):
    whole = dict(engine.stock.known)
    monkeypatch.setattr(click_knowledge, "ROWS_AT_ONCE", 7)
    check_same(engine.stock, told_anew(engine))
    for name, each in told_anew(engine).items():
        np.testing.assert_allclose(each, whole[name], rtol=0, atol=1e-6)


def test_some_told_anew_are_as_all_told_anew(engine, raw_items):
    names = list(raw_items)
    swapped = {a: raw_items[b] for a, b in zip(names[:9], names[20:29], strict=True)}
    after = engine.with_items({**swapped, "new 1": raw_items[names[3]], "new 2": raw_items[names[4]]})
    assert len(after.catalogue) == len(engine.catalogue) + 2
    check_same(after.stock, told_anew(after))
    changed = after.catalogue.rows(names[:9])
    for name in MADE:
        assert np.abs(after.stock.known[name][changed] - engine.stock.known[name][changed]).max() > 1e-3, name


def test_tastes_are_kept_of_items_as_they_are_now(engine, raw_items):
    names = list(raw_items)
    after = engine.with_items({names[0]: raw_items[names[20]], "new": raw_items[names[3]]})
    rows = np.arange(len(after.catalogue)) % 3 == 0
    for each in (engine, after, after.without([names[5]]), after.hiding(["picture"], rows)):
        made = engine.assembly.clicks.space(each.catalogue)
        np.testing.assert_allclose(each.stock.tastes, made, rtol=0, atol=1e-6)
    np.testing.assert_array_equal(after.stock.tastes[1:-1], engine.stock.tastes[1:])
    assert np.abs(after.stock.tastes[0] - engine.stock.tastes[0]).max() > 1e-3


def test_what_did_not_change_stays_to_the_last_bit_and_the_old_engine_keeps_its_own(engine, raw_items):
    before = {name: each.copy() for name, each in engine.stock.known.items()}
    after = engine.with_items({"new": next(iter(raw_items.values()))})
    for name, each in before.items():
        np.testing.assert_array_equal(after.stock.known[name][:-1], each)
        np.testing.assert_array_equal(engine.stock.known[name], each)


def test_a_new_item_is_known_as_the_one_that_it_is_a_copy_of_but_for_its_own_showings(engine, raw_items):
    like = engine.catalogue.item_ids[5]
    after = engine.with_items({"quite new": raw_items[like]})
    known = after.stock.known
    for name in MADE:
        np.testing.assert_allclose(known[name][-1], known[name][5], atol=1e-6, err_msg=name)
    (own, *of_codes), (_, *theirs) = figures(after, -1), figures(after, 5)
    np.testing.assert_array_equal(of_codes, theirs)
    clicked, looked = np.split(own[:-1], 2)
    assert (clicked == 0).all(), "as often as usual"
    assert (looked < 0).all(), "less than usual"
    assert own[-1] == 1, "never"


def figures(engine: Engine, row: int) -> list[np.ndarray]:
    """What came of showing an item, and then of showing each of its codes that are counted."""
    stock, rows = engine.stock, np.arange(len(engine.catalogue))[[row]]
    shown = stock.shown
    starts = np.arange(shown.items.shape[1], shown.width, shown.codes.shape[1])
    return np.split(shown(rows, stock.catalogue.codes[rows])[0], starts)


def test_an_item_of_another_category_reads_what_came_of_showing_that(engine, raw_items):
    names, categories = list(raw_items), [each["category"] for each in raw_items.values()]
    another = next(name for name, each in zip(names, categories, strict=True) if each != categories[0])
    values = {**raw_items[names[0]], "category": raw_items[another]["category"]}
    after = engine.with_items({names[0]: values})
    row, other = engine.catalogue.rows([names[0], another])
    [column] = np.flatnonzero(after.catalogue.codes[row] != engine.catalogue.codes[row])
    place = 1 + engine.stock.shown.columns.tolist().index(column)
    found, before, theirs = figures(after, row), figures(engine, row), figures(engine, other)
    np.testing.assert_array_equal(found.pop(place), theirs[place])
    assert not np.array_equal(before.pop(place), theirs[place])
    np.testing.assert_array_equal(np.concatenate(found), np.concatenate(before))


@pytest.mark.parametrize("grown", [True, False], ids=["it grew", "it was large"])
def test_of_a_large_catalogue_kinds_are_kept_once_and_candidates_are_told_the_same(
    bundle, engine, raw_items, monkeypatch, grown
):
    old, like, *_ = raw_items
    changes = {old: raw_items[like], "new": raw_items[like]}
    kept = engine.with_items(changes)
    monkeypatch.setattr(click_knowledge, "MOST_KEPT", len(engine.catalogue) - (not grown))
    large = (engine if grown else open_engine(bundle)).with_items(changes)
    known, shape = large.stock.known, kept.stock.known[VECTORS].shape
    assert known.keys() == MADE | {KINDS}
    assert large.stock.tastes is None
    assert known[VECTORS].shape == (shape[0], len(engine.catalogue.vectors), shape[2])
    assert 0 < len(large.stock.kinds) < len(engine.catalogue)
    requests = requests_of(["u1", "u2", "nobody"])
    for pipeline, same in ((large.pipeline, kept.pipeline), (large.retrieval, kept.retrieval)):
        (_, found), (_, wanted) = pipeline.candidates(requests), same.candidates(requests)
        np.testing.assert_array_equal(found.item_rows, wanted.item_rows)
        np.testing.assert_allclose(found.array(CLICKS), wanted.array(CLICKS), rtol=0, atol=1e-5)
    after = large.without(["new"]).with_items({}).stock
    for name, each in known.items():
        np.testing.assert_array_equal(after.known[name], each)
    np.testing.assert_array_equal(after.kinds, large.stock.kinds)


def test_no_items_change_nothing(engine):
    after = engine.with_items({})
    check_same(after.stock, dict(engine.stock.known))


def test_withdrawn_items_are_known_as_before(engine):
    gone = engine.without(engine.catalogue.item_ids[:3])
    assert gone.stock.known is engine.stock.known


def test_items_that_lose_content_are_made_anew_and_the_others_are_as_they_were(engine):
    rows = np.arange(len(engine.catalogue)) % 3 == 0
    hidden = engine.hiding(["picture"], rows)
    check_same(hidden.stock, told_anew(hidden))
    for name in MADE:
        moved = np.abs(hidden.stock.known[name] - engine.stock.known[name]).reshape(len(rows), -1).max(axis=1)
        assert moved[~rows].max() < 1e-6, name
        assert moved[rows].max() > 1e-3, name


@pytest.mark.parametrize("file", [*FILES, "items/model.onnx"])
def test_a_file_that_is_gone_is_named(copy, file):
    (copy / CLICKS / file).unlink()
    with pytest.raises(
        BundleError, match=f"The part 'clicks' of the bundle .* is damaged: the file 'clicks/{file}' is missing"
    ):
        open_engine(copy)


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("content", [None, b"", b"half a fi"])
def test_a_file_that_a_manifest_does_not_miss_is_missed_with_a_sentence(copy, file, content):
    path = copy / CLICKS / file
    path.unlink() if content is None else path.write_bytes(content)
    forge(copy)
    with pytest.raises(BundleError, match=r"clicks.*; (train|build) (it|the bundle) again"):
        open_engine(copy)


def test_a_ranker_that_is_fed_more_or_fewer_figures_of_clicks_is_refused(engine, copy):
    showings = Showings.load(copy / CLICKS, len(engine.catalogue))
    replace(
        showings, half_lives_days=showings.half_lives_days[1:], items=showings.items[..., 1:],
        codes=tuple(each[..., 1:] for each in showings.codes),
    ).save(copy / CLICKS)  # fmt: skip
    forge(copy)
    kinds = engine.assembly.clicks.likings.width
    wanted, fed = (CHANCES + 2 * halves * (1 + len(showings.columns)) + 1 + kinds for halves in (3, 2))
    with pytest.raises(BundleError, match=f"from {wanted} figures of clicks, and its part 'clicks' feeds {fed}. Train"):
        open_engine(copy)


def test_items_that_say_something_of_persons_are_refused_where_nobody_knows_persons(engine, copy):
    for part in (CLICKS, "ranker"):
        shutil.rmtree(copy / part)
    forge(copy)
    width = engine.catalogue.tower.shape[1]
    with pytest.raises(BundleError, match=f"have vectors of {width} numbers, and it looks for {width - 16}, .*mixed"):
        open_engine(copy)


@pytest.mark.parametrize("recipe", [{"clicks": None}, {}])
def test_a_part_of_which_the_recipe_says_nothing_is_refused(copy, recipe):
    others = {name: each for name, each in raw_manifest(copy)["recipe"].items() if name != "clicks"}
    forge(copy, recipe={**others, **recipe})
    with pytest.raises(BundleError, match="has a part 'clicks', and its recipe says nothing of clicks"):
        open_engine(copy)


@pytest.mark.parametrize(("towers", "history", "kept"), [(1, 0, MOST_CHOICES), (52, 54, 54), (54, 52, 54)])
def test_live_events_are_kept_as_long_as_anything_reads_them(copy, towers, history, kept):
    file, recipe = copy / "schema" / SCHEMA_FILE, raw_manifest(copy)["recipe"]
    file.write_text(file.read_text().replace('"length": 50', f'"length": {towers}'))
    sizes = {**recipe["clicks"]["sizes"], "history": history}
    digest = schema_from_dict(json.loads(file.read_text())).digest
    forge(copy, recipe={**recipe, "clicks": {**recipe["clicks"], "sizes": sizes}}, schema_digest=digest)
    engine = open_engine(copy)
    assert engine.schema.history.length == towers
    item = engine.catalogue.item_ids[0]
    engine.state.append(
        [Event(event_id=str(place), user_id="ann", item_id=item, type="click", at=place) for place in range(60)]
    )
    known = engine.state.read(["ann"], np.array([60.0])).events
    assert known.at.values.tolist() == list(range(60 - kept, 60))
