"""One change of an item, as a line of a file."""

import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import orjson

from winnow.schema.errors import DataError

REFERENCE = "sha256"
LINES = re.compile(rb"[^\n]*\n|[^\n]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemChange:
    """What was said of an item.

    Attributes:
        item_id: outside name.
        values: JSON values by raw column, the whole item; None where it was withdrawn. A picture is
            `{"sha256": "<name in the picture store>"}`: no other value of an item is an object. Lines of older programs
            hold pictures as base64.
        at: when it was said, UTC seconds.
    """

    item_id: str
    values: Mapping[str, Any] | None
    at: float

    @property
    def pictures(self) -> dict[str, str]:
        """Names in the picture store by column."""
        values = self.values or {}
        return {column: value[REFERENCE] for column, value in values.items() if isinstance(value, dict)}

    def with_pictures(self, read: Callable[[str], bytes]) -> dict[str, Any]:
        """The values with the contents of pictures; of an item that was withdrawn none.

        Raises:
            DataError: a picture cannot be had; names item and file.
        """
        try:
            return {**(self.values or {}), **{column: read(name) for column, name in self.pictures.items()}}
        except DataError as error:
            raise DataError(
                f"Of the item '{self.item_id}', whose change is in the item log: {error} Restore the file from a copy, "
                "or delete the lines of that item and send it again."
            ) from error

    def line(self) -> bytes:
        """As JSON, with its CRC-32 before it."""
        content = orjson.dumps({"item_id": self.item_id, "values": self.values, "at": self.at})
        return b"%08x %s\n" % (zlib.crc32(content), content)


def kept_change(change: ItemChange, keep: Callable[[bytes], str]) -> ItemChange:
    """A change whose pictures (bytes) are kept elsewhere, and referred to."""
    if change.values is None:
        return change
    kept = {name: {REFERENCE: keep(each)} if isinstance(each, bytes) else each for name, each in change.values.items()}
    return replace(change, values=kept)


def read_changes(content: bytes, path: Path, at: float = 0.0) -> tuple[list[ItemChange], int]:
    """All changes of a file, in order, and the bytes that they take.

    What follows them is half a line, which a power cut left of a change that was never acknowledged.

    Args:
        content: of the file.
        path: of the file, for messages.
        at: the instant of lines of older programs, which do not say it.

    Raises:
        DataError: a line before the last one is damaged.
    """
    changes, size = list[ItemChange](), 0
    for change, line in _parsed(content, at):
        if change is None:
            if size + len(line) < len(content):
                raise DataError(
                    f"Line {len(changes) + 1} of {path} is damaged, and whole lines follow it. Restore the file from a "
                    "copy, or delete that line and send its item again."
                )
            break
        changes.append(change)
        size += len(line)
    return changes, size


def last_changes(changes: Iterable[ItemChange]) -> dict[str, ItemChange]:
    """What was last said of each item, by id; the order is that of the last changes."""
    last = dict[str, ItemChange]()
    for change in changes:
        remember(last, change)
    return last


def remember(last: dict[str, ItemChange], change: ItemChange) -> None:
    """Puts a change at the end, in place of what was said of the item before."""
    last.pop(change.item_id, None)
    last[change.item_id] = change


def _parsed(content: bytes, at: float) -> Iterator[tuple[ItemChange | None, bytes]]:
    """Each line with its change, None for one that is damaged."""
    for found in LINES.finditer(content):
        line = found[0]
        told = line[9:-1]
        if not line.endswith(b"\n") or line[:9] != b"%08x " % zlib.crc32(told):
            yield None, line
            continue
        change = orjson.loads(told)
        yield ItemChange(item_id=change["item_id"], values=change["values"], at=change.get("at", at)), line
