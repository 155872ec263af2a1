"""The generic layout: a folder of Parquet or CSV files and a schema file that says what they mean."""

from pathlib import Path

from winnow.data.raw_tables import RawTables
from winnow.data.read_files import read_files
from winnow.schema.errors import DataError
from winnow.schema.progress import Progress
from winnow.schema.schema_file import SchemaFile, read_schema_file

SCHEMA_FILE = "schema.yaml"


def read_tables(folder: Path, schema_path: Path, progress: Progress) -> tuple[RawTables, SchemaFile]:
    """The tables that the schema file names, relative to the folder, and what it says.

    Raises:
        SchemaError: the schema file cannot be read.
        DataError: a table cannot be read, or there is no folder of pictures where one is named.
    """
    described = read_schema_file(schema_path)
    tables = read_files({name: folder / file for name, file in described.tables.items()}, progress)
    media = None if described.media is None else folder / described.media
    if media is not None and not media.is_dir():
        raise DataError(f"There is no folder {media}, which {schema_path} names under 'media'; put the pictures there.")
    users, impressions = tables.get("users"), tables.get("impressions")
    raw = RawTables(users=users, items=tables["items"], events=tables["events"], impressions=impressions, media=media)
    return raw, described
