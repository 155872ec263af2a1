import shutil

import pytest

from tests.unit.data.picture_shop import SCHEMA, write_picture_shop
from winnow.data.open_dataset import open_dataset
from winnow.ops.item_pictures import item_pictures
from winnow.schema.errors import DataError


@pytest.fixture
def shop(tmp_path):
    return write_picture_shop(tmp_path / "shop")


def test_pictures_are_those_of_the_first_feature_that_is_an_image_and_read_when_asked_for(shop):
    pictures = item_pictures(open_dataset(shop))
    assert list(pictures) == [b"a", b"b", None]
    shutil.rmtree(shop)
    assert list(pictures) == [None, None, None]


def test_a_shop_without_pictures_is_told_what_to_declare(shop):
    bare = "".join(line for line in SCHEMA.splitlines(keepends=True) if "image" not in line)
    (shop / "schema.yaml").write_text(bare)
    with pytest.raises(DataError, match=r"no feature of kind image, .* or leave --by pictures away"):
        item_pictures(open_dataset(shop))
