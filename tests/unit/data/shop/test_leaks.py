import shutil
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from winnow.data.open_dataset import open_dataset
from winnow.data.shop.shop_schema import SHOP_SCHEMA
from winnow.data.shop.shop_spec import SIZES
from winnow.data.shop.simulate import simulate
from winnow.data.shop.tables import items_tables, users_table
from winnow.data.shop.truth import Truth

WHO_WHAT_WHEN = ["user_id", "session_id", "item_id", "at", "device_type"]
COLUMNS = {
    "users": ["user_id", "age", "gender"],
    "items": ["item_id", "category", "style", "made_for", "price", "title", "description", "picture"],
    "events": [*WHO_WHAT_WHEN, "event_type"],
    "impressions": [
        *WHO_WHAT_WHEN,
        *("page", "page_number", "position", "propensity", "price", "outcome", "outcome_at"),
    ],
    "calendar": ["item_id", "what", "since", "until"],
    "looks": ["item_id", "style", "colour", "material", "pattern", "shade", "seed"],
}
FEATURES = {
    *("user_id", "age", "gender"),
    *("item_id", "category", "style", "made_for", "price", "title", "description", "picture"),
    *("device_type", "at"),
}


@pytest.fixture(scope="module")
def dataset(tiny_folder):
    return open_dataset(tiny_folder)


def files(folder, kind):
    return sorted((folder / kind).iterdir()) if (folder / kind).is_dir() else [folder / f"{kind}.parquet"]


@pytest.mark.parametrize("kind", COLUMNS)
def test_the_files_of_a_shop_have_these_columns_and_no_others(kind, tiny_folder):
    for path in files(tiny_folder, kind):
        assert pq.read_schema(path).names == COLUMNS[kind]


def test_a_data_set_reads_these_columns_and_no_others(dataset):
    assert set(dataset.users.column_names) == set(COLUMNS["users"])
    assert set(dataset.items.column_names) == set(COLUMNS["items"])
    assert set(dataset.events.column_names) <= set(COLUMNS["events"])


def test_a_data_set_has_the_propensities_of_the_log(tiny_folder, dataset):
    days = [pq.read_table(each)["propensity"] for each in files(tiny_folder, "impressions")]
    logged = np.concatenate([each.to_numpy() for each in days])
    read = dataset.impressions["propensity"].to_numpy()
    assert read.min() > 0
    assert np.array_equal(np.sort(read), np.sort(logged))


def test_features_read_what_the_shop_knows_and_nothing_else():
    read = {each.column or each.name for each in SHOP_SCHEMA.features} - {"history"}
    assert read == FEATURES
    assert {column for kind in ("users", "items", "events") for column in COLUMNS[kind]} >= FEATURES


def test_training_reads_the_same_where_the_truth_and_all_that_is_not_data_are_deleted(tiny_folder, dataset, tmp_path):
    bare = tmp_path / "bare"
    shutil.copytree(tiny_folder, bare, ignore=shutil.ignore_patterns("truth"))
    assert not (bare / "truth").exists()
    assert open_dataset(bare).digest == dataset.digest
    for name in ("calendar.parquet", "looks.parquet", "data_card.md"):
        (bare / name).unlink()
    assert open_dataset(bare).digest == dataset.digest


def test_a_shop_in_memory_is_the_one_in_the_folder_but_for_its_pictures_which_are_vectors(dataset):
    made = simulate(SIZES["tiny"])
    assert made.users.equals(dataset.users)
    assert made.events.equals(dataset.events)
    others = [name for name in COLUMNS["items"] if name != "picture"]
    assert made.items.select(others).equals(dataset.items.select(others))


def test_users_and_items_are_told_without_what_is_liked_or_will_happen(tiny):
    world = tiny.world
    draw = np.random.default_rng(1)
    people = replace(
        world.before,
        likings=draw.permutation(world.before.likings),
        activity=draw.permutation(world.before.activity),
        device=draw.permutation(world.before.device),
        joins=draw.permutation(world.before.joins),
    )
    assert users_table(people).equals(users_table(world.before))
    hidden = ("appeal", "weight", "arrives", "withdrawn", "sold_out", "back", "promoted", "promotion_ends")
    items = replace(world.items, **{name: draw.permutation(getattr(world.items, name)) for name in hidden})
    shuffled, plain = (pa.concat_tables(items_tables(each)) for each in (replace(world, items=items), world))
    assert shuffled.equals(plain)


def test_anonymous_rows_carry_no_user_and_their_sessions_are_named_nowhere_but_in_the_truth(tiny_folder):
    truth = Truth.open(tiny_folder)
    anonymous = np.array([int(name.removeprefix("session:")) for name in truth.visitors])
    assert len(anonymous) > 200
    for kind in ("events", "impressions"):
        table = pa.concat_tables([pq.read_table(path) for path in files(tiny_folder, kind)])
        hidden = np.isin(table["session_id"].to_numpy(), anonymous)
        assert np.array_equal(hidden, np.asarray(table["user_id"].is_null()))
        assert hidden.sum() > 500


def test_anonymous_visitors_of_the_data_set_are_their_sessions_and_have_no_features(dataset, tiny_folder):
    truth = Truth.open(tiny_folder)
    visitors = set(dataset.events["user_id"].to_pylist())
    named = set(dataset.users["user_id"].to_pylist())
    assert visitors - named <= set(truth.visitors)
    assert len(visitors - named) > 200


def test_the_truth_is_in_no_file_that_the_schema_names(tiny_folder):
    told = (tiny_folder / "schema.yaml").read_text()
    assert "truth" not in told


def test_the_propensity_tells_nothing_of_the_visitor(tiny):
    rows = tiny.impressions
    key = (rows["day"] * 100 + rows["page"]) * 1_000 + rows["item"]
    order = np.argsort(key, kind="stable")
    same = np.diff(key[order]) == 0
    assert same.sum() > 20_000
    assert (np.diff(rows["propensity"][order])[same] == 0).all()
