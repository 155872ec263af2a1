"""The generic layout and its folder of pictures."""

import shutil

import pytest

from tests.unit.data.picture_shop import SCHEMA, write_picture_shop
from winnow.data.tables import read_tables
from winnow.schema.errors import DataError, SchemaError
from winnow.schema.progress import silent


@pytest.fixture
def shop(tmp_path):
    return write_picture_shop(tmp_path / "shop")


def media_of(shop, text, schema=None):
    path = schema or shop / "schema.yaml"
    path.write_text(text)
    raw, described = read_tables(shop, path, silent)
    return raw.media, described.media


def test_pictures_are_in_the_folder_that_the_schema_file_names_relative_to_the_data(shop, tmp_path):
    assert media_of(shop, SCHEMA) == (shop / "photos", "photos")
    elsewhere = tmp_path / "elsewhere.yaml"
    assert media_of(shop, SCHEMA, elsewhere) == (shop / "photos", "photos")
    (tmp_path / "all photos").mkdir()
    named = SCHEMA.replace("media: photos", "media: ../all photos")
    assert media_of(shop, named)[0].resolve() == tmp_path / "all photos"


def test_without_pictures_there_is_no_folder(shop):
    bare = "".join(line for line in SCHEMA.splitlines(keepends=True) if "image" not in line and "media" not in line)
    assert media_of(shop, bare) == (None, None)


@pytest.mark.parametrize("damage", ["missing", "a file"])
def test_a_folder_of_pictures_that_is_not_there_is_a_sentence_that_names_it_and_who_asked(shop, damage):
    shutil.rmtree(shop / "photos")
    if damage == "a file":
        (shop / "photos").write_text("no folder")
    with pytest.raises(DataError) as caught:
        read_tables(shop, shop / "schema.yaml", silent)
    folder, schema = shop / "photos", shop / "schema.yaml"
    wanted = f"There is no folder {folder}, which {schema} names under 'media'; put the pictures there."
    assert str(caught.value) == wanted


def test_an_image_without_a_folder_is_refused_before_anything_is_read(shop):
    (shop / "things.csv").unlink()
    with pytest.raises(SchemaError, match="the feature 'front' is an image, and the key 'media' is missing"):
        media_of(shop, SCHEMA.replace("media: photos\n", ""))
