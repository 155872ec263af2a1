"""Shops whose pictures are files: every item has one, and all else is as in a shop with vectors."""

import hashlib
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from winnow.data.open_dataset import open_dataset
from winnow.data.pictures import Pictures
from winnow.data.shop import picture_folder
from winnow.data.shop import write_shop as written
from winnow.data.shop.calibration import Strength
from winnow.data.shop.draw_picture import draw_picture
from winnow.data.shop.effects import SHARES
from winnow.data.shop.picture_folder import PictureFolder
from winnow.data.shop.pictures import PICTURE_WIDTH, picture_vectors
from winnow.data.shop.shop_schema import SHOP_SCHEMA, shop_schema
from winnow.data.shop.shop_spec import SIZES, ShopSpec
from winnow.data.shop.world import make_world
from winnow.data.shop.write_shop import write_shop
from winnow.schema.errors import DataError
from winnow.schema.feature import Kind
from winnow.schema.transform import ImageVector

DRAWN = ShopSpec(users=60, items=40, days=3, visits=0.5, drawn=True)


@pytest.fixture(scope="module", autouse=True)
def quick():
    """No calibration: how strong effects are does not matter here."""
    with pytest.MonkeyPatch.context() as patch:
        strength = Strength(scale=dict.fromkeys(SHARES, 0.5), bias=-1.0)
        patch.setattr(written, "calibrated", lambda *_: strength)
        yield


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    folder = tmp_path_factory.mktemp("drawn") / "shop"
    write_shop(DRAWN, folder, jobs=1)
    return folder


@pytest.fixture(scope="module")
def with_vectors(tmp_path_factory):
    folder = tmp_path_factory.mktemp("vectors") / "shop"
    write_shop(replace(DRAWN, drawn=False), folder)
    return folder


def content(folder):
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_every_item_has_its_own_picture_as_it_looks_and_no_file_is_left_over(shop):
    dataset, drawn = open_dataset(shop), PictureFolder(shop)
    pictures = Pictures(dataset.media, dataset.items["picture"].to_pylist())
    items = dataset.items["item_id"].to_pylist()
    assert list(pictures) == [draw_picture(drawn.look(item)) for item in items]
    assert pictures.problems == {}
    assert sorted(each.name for each in (shop / "pictures").iterdir()) == [f"{item}.png" for item in sorted(items)]
    assert len(set(pictures)) == len(items) == 40


def test_a_drawn_shop_opens_with_nothing_to_tell_of_its_pictures(shop):
    dataset = open_dataset(shop)
    assert dataset.media == shop / "pictures"
    assert dataset.report.findings == ()
    (picture,) = [each for each in dataset.schema if each.name == "picture"]
    assert (picture.kind, picture.transform) == (Kind.IMAGE, ImageVector())


def test_the_same_pictures_come_of_any_number_of_jobs(shop, tmp_path):
    write_shop(DRAWN, tmp_path / "three", jobs=3)
    assert content(tmp_path / "three") == content(shop)


def test_another_seed_draws_other_pictures(shop, tmp_path):
    write_shop(replace(DRAWN, seed=1), tmp_path / "other")
    one, other = content(shop / "pictures"), content(tmp_path / "other" / "pictures")
    assert one.keys() == other.keys()
    assert not [name for name in one if one[name] == other[name]]


def test_apart_from_pictures_it_is_the_shop_with_vectors(shop, with_vectors):
    one, other = content(shop), content(with_vectors)
    assert {name for name in one.keys() - other.keys() if not name.startswith("pictures/")} == set()
    assert other.keys() - one.keys() == set()
    differing = {name for name in other if one[name] != other[name]}
    assert differing - {"data_card.md", "truth/truth.json"} == {"items.parquet", "schema.yaml"}
    drawn, vectors = (pq.read_table(folder / "items.parquet") for folder in (shop, with_vectors))
    assert drawn.drop_columns("picture").equals(vectors.drop_columns("picture"))


def test_a_shop_with_vectors_has_those_of_its_items_and_no_folder_of_pictures(with_vectors):
    spec = replace(DRAWN, drawn=False)
    wanted = picture_vectors(make_world(spec).items, spec.seed)
    column = pq.read_table(with_vectors / "items.parquet")["picture"]
    np.testing.assert_array_equal(np.stack(column.to_numpy()), wanted)
    assert column.type.equals(pa.list_(pa.from_numpy_dtype(wanted.dtype), PICTURE_WIDTH))
    assert not (with_vectors / "pictures").exists()
    assert "media" not in (with_vectors / "schema.yaml").read_text()
    assert open_dataset(with_vectors).media is None
    assert shop_schema(spec) == SHOP_SCHEMA


def test_small_shops_are_drawn_and_large_ones_are_not():
    assert {name for name, spec in SIZES.items() if spec.drawn} == {"tiny", "demo"}
    for spec in SIZES.values():
        kinds = {each.kind for each in shop_schema(spec) if each.name == "picture"}
        assert kinds == {Kind.IMAGE if spec.drawn else Kind.VECTOR}


def test_progress_is_told_of_every_picture(tmp_path):
    told = []
    write_shop(DRAWN, tmp_path / "shop", lambda *each: told.append(each))
    drawing = [each for each in told if each[0] == "Drawing pictures"]
    assert drawing == [("Drawing pictures", done, 40) for done in range(1, 41)]


@pytest.mark.parametrize("error", [KeyboardInterrupt(), DataError("The picture cannot be written")])
def test_a_fault_while_pictures_are_drawn_leaves_nothing(error, tmp_path, monkeypatch):
    draws = iter(range(7))

    def draw(look):
        if next(draws, None) is None:
            raise error
        return draw_picture(look)

    monkeypatch.setattr(picture_folder, "draw_picture", draw)
    with pytest.raises(type(error)):
        write_shop(DRAWN, tmp_path / "shop", jobs=2)
    assert list(tmp_path.iterdir()) == []


def test_pictures_are_replaced_with_the_rest_of_an_older_shop(tmp_path):
    write_shop(replace(DRAWN, items=44), tmp_path / "shop")
    write_shop(DRAWN, tmp_path / "shop", force=True)
    assert len(list((tmp_path / "shop" / "pictures").iterdir())) == 40
