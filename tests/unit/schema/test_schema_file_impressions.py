"""What a schema file says of impressions."""

import json
from dataclasses import replace

import pytest

from winnow.schema.errors import SchemaError
from winnow.schema.schema import Impressions, Schema, schema_to_dict
from winnow.schema.schema_file import read_schema_file, schema_from_dict, write_schema_file

SHOWN = """
tables: {items: i.csv, events: e.csv, impressions: shown}
impressions: {outcome: came, nothing: ignored, position: slot}
features: []
"""


def read(text, folder):
    (folder / "schema.yaml").write_text(text)
    return read_schema_file(folder / "schema.yaml")


def test_impressions_have_a_table_and_a_meaning(tmp_path):
    told = read(SHOWN, tmp_path)
    assert told.schema.impressions == Impressions(outcome="came", nothing="ignored", position="slot")
    assert schema_from_dict(json.loads(json.dumps(schema_to_dict(told.schema)))) == told.schema
    write_schema_file(told.schema, told.tables, tmp_path / "again.yaml")
    assert read_schema_file(tmp_path / "again.yaml").schema == told.schema
    plain = SHOWN.replace("impressions: {outcome: came, nothing: ignored, position: slot}\n", "")
    assert read(plain, tmp_path).schema.impressions == Impressions()
    assert "impressions" not in schema_to_dict(Schema(features=()))


def test_a_propensity_is_read_and_written(tmp_path):
    told = read(SHOWN.replace("position: slot", "propensity: chance"), tmp_path)
    assert told.schema.impressions == Impressions(outcome="came", nothing="ignored", propensity="chance")
    assert schema_from_dict(json.loads(json.dumps(schema_to_dict(told.schema)))) == told.schema
    write_schema_file(told.schema, told.tables, tmp_path / "again.yaml")
    assert read_schema_file(tmp_path / "again.yaml").schema == told.schema


def test_a_schema_without_a_propensity_has_the_digest_that_it_had_before_there_were_any():
    shown = Impressions(outcome="came", nothing="ignored", position="slot")
    schema = Schema(features=(), impressions=shown)
    assert schema.digest == "9f991d93cead977d748b761ad352bfb13df6a39855929b974d70a1c773b4bd9f"
    assert replace(schema, impressions=replace(shown, propensity="chance")).digest != schema.digest


def test_a_meaning_of_impressions_without_a_table_is_refused(tmp_path):
    with pytest.raises(SchemaError, match=r"line 3, column 14: the meaning of impressions is given, but no file"):
        read(SHOWN.replace(", impressions: shown", ""), tmp_path)
