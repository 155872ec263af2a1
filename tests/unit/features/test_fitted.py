"""Fitted features as a whole: missing columns, packing, saving and loading."""

import json
import zipfile

import numpy as np
import pyarrow as pa
import pytest

from tests.unit.features.encoders.encoded_columns import encoded_column
from winnow.features.columns import columns_of
from winnow.features.fit import fit_features
from winnow.features.fitted import FittedFeature, FittedFeatures
from winnow.features.saved_features import load_fitted, save_fitted
from winnow.features.unit_vector import UnitVector
from winnow.features.vocabulary_codes import VocabularyCodes
from winnow.schema.errors import BundleError, SchemaError
from winnow.schema.feature import Entity, Feature, Kind
from winnow.schema.schema import Schema
from winnow.schema.transform import (
    Bucketise,
    CyclicalHour,
    CyclicalWeekday,
    HashBuckets,
    ImageVector,
    LogStandardise,
    PassThrough,
    Standardise,
    TextVector,
    Vocabulary,
)

TABLE = pa.table(
    {
        "price": [1.5, None, 30.0],
        "brand": ["ö/x", "b", None],
        "added": [1.7e9, 1.6e9, None],
        "words": ["red shoe", None, "blue shoe"],
        "look": [[1.0, 2.0], [0.5, 0.0], None],
        "photo": ["a.png", None, "c.png"],
    }
)
PHOTOS = np.array([[0.6, 0.8, 0.0], [0.0, 0.0, 0.0], [0.0, 0.6, 0.8]], np.float32)
ENCODED = {"photo": PHOTOS}


def feature(name: str, kind: Kind, column: str, transform, width: int = 1) -> Feature:
    return Feature(name=name, entity=Entity.ITEM, kind=kind, column=column, transform=transform, width=width)


SCHEMA = Schema(
    features=(
        feature("price", Kind.NUMBER, "price", Standardise()),
        feature("log_price", Kind.NUMBER, "price", LogStandardise()),
        feature("price_bin", Kind.NUMBER, "price", Bucketise(edges=(2.0, 20.0))),
        feature("brand", Kind.CATEGORY, "brand", Vocabulary()),
        feature("brand_hash", Kind.CATEGORY, "brand", HashBuckets(buckets=7)),
        feature("hour", Kind.TIME, "added", CyclicalHour()),
        feature("weekday", Kind.TIME, "added", CyclicalWeekday()),
        feature("words", Kind.TEXT, "words", TextVector(width=4)),
        feature("look", Kind.VECTOR, "look", PassThrough(), width=2),
        feature("photo", Kind.IMAGE, "photo", ImageVector(width=1)),
    )
)


@pytest.fixture(scope="module")
def fitted() -> FittedFeatures:
    return fit_features(SCHEMA, Entity.ITEM, TABLE, {"photo": encoded_column(PHOTOS)})


def test_outputs_say_what_comes_out(fitted):
    arrays = fitted(columns_of(TABLE, fitted.columns), 3, ENCODED)
    assert list(arrays) == [output.name for output in fitted.outputs]
    for output in fitted.outputs:
        array = arrays[output.name]
        assert array.dtype == (np.int32 if output.form == "code" else np.float32)
        assert array.shape == ((3, output.size) if output.form == "vector" else (3,))
        assert output.form != "code" or array.max() < output.size


def test_packed_arrays_hold_the_outputs_in_order(fitted):
    columns = columns_of(TABLE, fitted.columns)
    arrays, packed = fitted(columns, 3, ENCODED), fitted.packed(columns, 3, ENCODED)
    codes = [output.name for output in fitted.outputs if output.form == "code"]
    values = [output.name for output in fitted.outputs if output.form == "value"]
    assert codes == ["price_bin", "brand", "brand_hash"]
    assert packed.codes.tolist() == np.stack([arrays[name] for name in codes], 1).tolist()
    assert packed.values.tolist() == np.stack([arrays[name] for name in values], 1).tolist()
    assert list(packed.vectors) == ["words", "look", "photo"]
    assert packed.codes.dtype == np.int32
    assert packed.values.dtype == np.float32
    for array in (packed.codes, packed.values, *packed.vectors.values()):
        assert array.flags.c_contiguous
    assert len(packed) == 3


def test_the_missing_row_is_a_row_in_which_all_columns_are_missing(fitted):
    nothing = pa.table({name: pa.nulls(1, TABLE.schema.field(name).type) for name in TABLE.column_names})
    explicit, missing = fitted.packed(columns_of(nothing, fitted.columns), 1), fitted.missing()
    assert missing.codes.tobytes() == explicit.codes.tobytes() == bytes(4 * 3)
    assert missing.values.tobytes() == explicit.values.tobytes()
    assert missing.values.tolist() == [[0, 1, 0, 1, 0, 0, 0, 0]]
    assert not any(vector.any() for vector in missing.vectors.values())


def test_no_features_give_no_columns():
    packed = FittedFeatures(entity=Entity.USER, features=()).packed({}, 5)
    assert (packed.codes.shape, packed.values.shape, packed.vectors) == ((5, 0), (5, 0), {})


def test_no_rows_give_no_rows(fitted):
    assert len(fitted.packed({}, 0)) == 0
    assert len(fitted.packed(columns_of(TABLE.slice(0, 0), fitted.columns), 0)) == 0


def test_a_column_of_the_wrong_kind_is_named_with_its_feature(fitted):
    with pytest.raises(SchemaError, match="item feature 'price' cannot read the column 'price': the column does not"):
        fitted({"price": np.array(["a"], object)}, 1)


def test_what_is_loaded_gives_the_same_bits(fitted, tmp_path):
    save_fitted(fitted, tmp_path)
    loaded = load_fitted(tmp_path)
    columns = columns_of(TABLE, fitted.columns)
    before, after = fitted(columns, 3, ENCODED), loaded(columns, 3, ENCODED)
    assert loaded.outputs == fitted.outputs
    assert loaded.entity is Entity.ITEM
    assert {name: array.tobytes() for name, array in before.items()} == {
        name: array.tobytes() for name, array in after.items()
    }


def test_equal_features_are_saved_as_equal_bytes_at_any_time(fitted, tmp_path):
    again = fit_features(SCHEMA, Entity.ITEM, TABLE, {"photo": encoded_column(PHOTOS)})
    for name, each in (("one", fitted), ("two", again)):
        (tmp_path / name).mkdir()
        save_fitted(each, tmp_path / name)
    for name in ("features.json", "features.npz"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    with zipfile.ZipFile(tmp_path / "one" / "features.npz") as archive:
        assert {each.date_time for each in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_damaged_files_are_refused_with_a_sentence(fitted, tmp_path):
    with pytest.raises(BundleError, match="cannot be read"):
        load_fitted(tmp_path)
    save_fitted(fitted, tmp_path)
    whole = (tmp_path / "features.npz").read_bytes()
    (tmp_path / "features.npz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(BundleError, match="damaged or made by another version"):
        load_fitted(tmp_path)
    (tmp_path / "features.npz").write_bytes(whole)
    content = json.loads((tmp_path / "features.json").read_text())
    content["features"][0]["transform"] = "Exec"
    (tmp_path / "features.json").write_text(json.dumps(content))
    with pytest.raises(BundleError, match="Exec"):
        load_fitted(tmp_path)


def test_encoded_features_read_what_their_encoder_made_and_not_the_raw_column(fitted):
    (photo,) = fitted.encoded
    assert (photo.name, photo.column, photo.encoder) == ("photo", "photo", "test")
    assert "photo" not in fitted.columns
    told = fitted.packed(columns_of(TABLE, fitted.columns), 3, ENCODED).vectors["photo"]
    assert np.linalg.norm(told, axis=1).tolist() == pytest.approx([1, 0, 1])
    assert not fitted.packed({}, 3).vectors["photo"].any()


def test_words_through_an_encoder_are_projected_too():
    fitted = fit_features(SCHEMA, Entity.ITEM, TABLE, {name: encoded_column(PHOTOS) for name in ("words", "photo")})
    assert [each.name for each in fitted.encoded] == ["words", "photo"]


def test_features_are_plain_values_that_can_be_made_by_hand():
    fitted = FittedFeatures(
        entity=Entity.USER,
        features=(
            FittedFeature(name="club", column="club", transform=VocabularyCodes(known=("gold",))),
            FittedFeature(name="look", column="look", transform=UnitVector(width=2)),
        ),
    )
    packed = fitted.packed({"club": np.array(["gold", "tin"], object), "look": np.eye(2, dtype=np.float32)}, 2)
    assert packed.codes.tolist() == [[2], [1]]
    assert packed.vectors["look"].tolist() == [[1, 0], [0, 1]]
