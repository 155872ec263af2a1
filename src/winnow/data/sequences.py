"""Importer of sequence files: one line a user, `user item item item ...`, oldest first, without times.

The instants that events get are invented, and say nothing but the order: a user's last event lies at LAST_AT, the one
before it a second earlier, and so on. So no feature reads them, the gap between two events of a user is always the
same, and days cannot be held out.
"""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa

from winnow.data.arrow_compute import pc
from winnow.data.csv_form import opened
from winnow.data.ledger import Ledger
from winnow.data.origin import with_origin
from winnow.data.raw_tables import RawTables
from winnow.schema.column import Array
from winnow.schema.errors import DataError
from winnow.schema.feature import Entity, Feature, Kind
from winnow.schema.progress import Progress
from winnow.schema.schema import Events, EventType, Schema
from winnow.schema.transform import History, Vocabulary

LAST_AT = datetime(2000, 1, 1, tzinfo=UTC).timestamp()
STEP_S = 1.0

SEQUENCE_SCHEMA = Schema(
    features=(
        Feature(
            name="history", entity=Entity.USER, kind=Kind.ID, transform=History(length=50, types=(EventType.CLICK,))
        ),
        Feature(name="item_id", entity=Entity.ITEM, kind=Kind.ID, transform=Vocabulary()),
    ),
    events=Events(time="at", type=None, positives=(EventType.CLICK,)),
)
"""There is no feature of the user: who came is not known but by what they had. Every event is a click."""


def read_sequences(path: Path, progress: Progress) -> RawTables:
    """The tables of SEQUENCE_SCHEMA: a user for each line, every item once, an event for each item of a line.

    Args:
        path: UTF-8 text, gzipped where it ends in .gz. Ids are any words without white space; an item may come again.
        progress: told before and after.

    Raises:
        DataError: the file is empty or no UTF-8 text, or most lines name no item.
    """
    progress("Reading data", 0, 2)
    lines = pa.array(_text(path).splitlines(), pa.binary()).cast(pa.string())
    progress("Reading data", 1, 2)
    words = pc.utf8_split_whitespace(pc.utf8_trim_whitespace(lines))
    users, lengths = pc.list_element(words, 0), pc.list_value_length(words).to_numpy().astype(np.int64) - 1
    ledger = _checked(path, users, lengths)
    items = pc.list_flatten(words).filter(pa.array(_is_item(lengths)))
    progress("Reading data", 2, 2)
    return RawTables(
        users=with_origin(pa.table({"user_id": users}), path, len(lines), header=0),
        items=pa.table({"item_id": items.unique()}),
        events=pa.table(
            {
                "user_id": users.take(pa.array(np.repeat(np.arange(len(lengths)), lengths))),
                "item_id": items,
                "at": pa.array(LAST_AT - STEP_S * _later(lengths)),
            }
        ),
        findings=tuple(ledger.findings),
    )


def _text(path: Path) -> bytes:
    """The bytes of a file that is UTF-8 text, without the mark that may stand before it."""
    try:
        with opened(path) as file:
            raw = file.read()
        raw.decode()
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise _no_text(path, f"byte 0x{error.object[error.start]:02X} in line {line}") from error
    except (OSError, EOFError) as error:
        raise DataError(f"The file {path} cannot be read: {error}.") from error
    if (zero := raw.find(0)) >= 0:
        line = raw[:zero].count(b"\n") + 1
        raise _no_text(path, f"a zero byte in line {line}")
    raw = raw.removeprefix(b"\xef\xbb\xbf")
    if not raw.strip():
        raise DataError(f"The file {path} is empty; wanted is a line for each user: user item item item ...")
    return raw


def _no_text(path: Path, what: str) -> DataError:
    return DataError(
        f"The file {path} is not UTF-8 text, for it holds {what}. Wanted is a file of sequences, one line a user: user "
        "item item item ...; save it as UTF-8, and give tables as a folder with a schema.yaml."
    )


def _checked(path: Path, users: pa.Array, lengths: Array) -> Ledger:
    """What is to be known of lines; blank ones, and users with two lines, are found where all tables are checked."""
    ledger = Ledger()
    told = with_origin(pa.table({"user_id": users, "items": lengths}), path, len(lengths), header=0)
    without = (lengths == 0) & np.asarray(pc.not_equal(users, ""), bool)
    ledger.note("users", told, without, "users have no item in their line", "kept")
    if 2 * without.sum() > len(lengths):
        remedy = "That is more than half. White space is wanted between items: user item item item ..."
        ledger.refuse("users", told, without, "users have no item in their line", remedy)
    ledger.note("users", told, lengths == 1, "users have a single item, after which nothing follows", "kept")
    ledger.close(str(path))
    return ledger


def _is_item(lengths: Array) -> Array:
    """bool, for every word of every line, whether it is an item; the first of each line is not."""
    is_item = np.ones(int((lengths + 1).sum()), bool)
    is_item[np.cumsum(lengths + 1) - (lengths + 1)] = False
    return is_item


def _later(lengths: Array) -> Array:
    """int64, for every event, how many later ones its user has."""
    return np.repeat(np.cumsum(lengths), lengths) - 1 - np.arange(int(lengths.sum()))
