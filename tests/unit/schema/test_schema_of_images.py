"""What a schema file says of pictures: the kind, its transform, and the folder that they are in."""

import json

import pytest

from winnow.schema.errors import SchemaError
from winnow.schema.feature import Entity, Feature, Kind
from winnow.schema.schema import Schema, schema_to_dict
from winnow.schema.schema_file import read_schema_file, schema_from_dict, write_schema_file
from winnow.schema.transform import ImageVector

SHOP = """\
tables: {items: items.csv, events: clicks.csv}
media: pictures
features:
  - {name: photo, of: item, kind: image, transform: image_vector}
"""
TABLES = {"items": "items.csv", "events": "clicks.csv"}
PHOTO = Feature(name="photo", entity=Entity.ITEM, kind=Kind.IMAGE, transform=ImageVector())

MISTAKES = {
    (
        "media: pictures\n",
        "",
    ): "line 1, column 1: the feature 'photo' is an image, and the key 'media' is missing; write "
    "under it the folder that the pictures are in",
    ("media: pictures", "media: ''"): "line 2, column 8: the text is empty; a word is wanted",
    ("media: pictures", "media: [pictures]"): "line 2, column 8: a list was found; text is wanted",
    ("media: pictures", "media: null"): "line 2, column 8: ",
    ("media: pictures", "medium: pictures"): "line 2, column 1: the key 'medium' is not known",
    (
        "kind: image, transform: image_vector",
        "kind: vector, transform: image_vector",
    ): "'image_vector' is not a transform of a vector; allowed: pass_through",
    (
        "transform: image_vector",
        "transform: text_vector",
    ): "'text_vector' is not a transform of an image; allowed: image_vector",
    (
        "image_vector",
        "{image_vector: {width: 0}}",
    ): "line 4, column 53: 'width' is 0; at least 1 is wanted",
    ("image_vector", "{image_vector: {max_words: 5}}"): "the key 'max_words' is not known; allowed: width",
    ("of: item", "of: user"): "line 4, column 5: Feature 'photo' of the user becomes a vector, and models read vectors",
    ("kind: image", "kind: image, width: 512"): "only a vector has a width other than 1",
}


def written(text, folder):
    path = folder / "schema.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_picture_and_its_folder_are_read_as_the_file_says(tmp_path):
    read = read_schema_file(written(SHOP, tmp_path))
    assert read.schema == Schema(features=(PHOTO,))
    assert read.media == "pictures"


@pytest.mark.parametrize("folder", ["pictures", "../shared/pictures", "a b/ü #1", "null", "12"])
def test_a_folder_of_any_name_comes_back_from_what_is_written(folder, tmp_path):
    write_schema_file(Schema(features=(PHOTO,)), TABLES, tmp_path / "schema.yaml", folder)
    assert read_schema_file(tmp_path / "schema.yaml").media == folder


@pytest.mark.parametrize("transform", [ImageVector(), ImageVector(width=7), None])
@pytest.mark.parametrize("card", [False, True])
def test_a_picture_survives_yaml_and_json(transform, card, tmp_path):
    feature = Feature(
        name="a", entity=Entity.ITEM, kind=Kind.IMAGE, transform=transform, column="file of it", card=card
    )
    schema = Schema(features=(feature,))
    write_schema_file(schema, TABLES, tmp_path / "schema.yaml", "pictures")
    assert read_schema_file(tmp_path / "schema.yaml").schema == schema
    stored = schema_from_dict(json.loads(json.dumps(schema_to_dict(schema))))
    assert stored == schema
    assert stored.digest == schema.digest


def test_widths_of_pictures_are_part_of_the_digest():
    digests = {
        Schema(features=(Feature(name="a", entity=Entity.ITEM, kind=Kind.IMAGE, transform=transform),)).digest
        for transform in (None, ImageVector(), ImageVector(width=63))
    }
    assert len(digests) == 3


def test_a_file_without_pictures_names_no_folder_and_one_that_is_named_needlessly_is_kept(tmp_path):
    text = SHOP.replace("kind: image, transform: image_vector", "kind: category, transform: vocabulary")
    assert read_schema_file(written(text, tmp_path)).media == "pictures"
    assert read_schema_file(written(text.replace("media: pictures\n", ""), tmp_path)).media is None


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda pair: f"{pair[0]} to {pair[1]}")
def test_a_mistake_about_pictures_is_shown_where_it_stands(mistake, tmp_path):
    assert mistake[0] in SHOP
    path = written(SHOP.replace(*mistake), tmp_path)
    with pytest.raises(SchemaError) as caught:
        read_schema_file(path)
    assert str(caught.value).startswith(f"{path}, line ")
    assert MISTAKES[mistake] in str(caught.value)
