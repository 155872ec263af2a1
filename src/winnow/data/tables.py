"""The generic layout: a folder of Parquet or CSV files and a schema file that says what they mean."""

from pathlib import Path

from winnow.data.raw_tables import RawTables
from winnow.data.table_file import read_table_file
from winnow.schema.schema import Schema
from winnow.schema.schema_file import read_schema_file

SCHEMA_FILE = "schema.yaml"


def read_tables(folder: Path, schema_path: Path) -> tuple[RawTables, Schema]:
    """The tables that the schema file names, relative to the folder, and the schema.

    Raises:
        SchemaError: the schema file cannot be read.
        DataError: a table cannot be read.
    """
    described = read_schema_file(schema_path)
    tables = {name: read_table_file(folder / file) for name, file in described.tables.items()}
    raw = RawTables(users=tables.get("users"), items=tables["items"], events=tables["events"])
    return raw, described.schema
