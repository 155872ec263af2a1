"""Cards in a file, read when somebody wants to see them."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache, partial
from mmap import ACCESS_READ, mmap
from operator import index
from pathlib import Path
from typing import Any

import numpy as np

from winnow.schema.column import Array, offsets_of

MOST_HELD = 10_000
"""Cards that stay in memory once they were read."""
_ID = json.JSONDecoder()


@dataclass(frozen=True, slots=True, kw_only=True)
class CardLines:
    """Lines of JSON, `[item_id, card]` each, of a mapped file: a million cards as objects take a gigabyte.

    Attributes:
        lines: the content of the file.
        offsets: int64 [I + 1], where each line begins.
    """

    lines: mmap | bytes
    offsets: Array
    _read: Callable[[int], Mapping[str, Any]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_read", lru_cache(MOST_HELD)(partial(_card, self.lines, self.offsets)))

    @staticmethod
    def open(file: Path) -> tuple[tuple[str, ...], "CardLines"]:
        """The item ids and the cards of a file."""
        with file.open("rb") as stream:
            lengths, item_ids = list[int](), list[str]()
            for line in stream:
                lengths.append(len(line))
                item_ids.append(_ID.raw_decode(line.decode(), 1)[0])
            lines = mmap(stream.fileno(), 0, access=ACCESS_READ) if lengths else b""
        return tuple(item_ids), CardLines(lines=lines, offsets=offsets_of(np.array(lengths, np.int64)))

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __getitem__(self, row: int, /) -> Mapping[str, Any]:
        place = index(row)
        return self._read(place if 0 <= place < len(self) else range(len(self))[place])

    def __iter__(self) -> Iterator[Mapping[str, Any]]:
        return (_card(self.lines, self.offsets, row) for row in range(len(self)))


def _card(lines: mmap | bytes, offsets: Array, row: int) -> Mapping[str, Any]:
    return json.loads(lines[offsets[row] : offsets[row + 1]])[1]
