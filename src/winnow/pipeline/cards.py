"""What people see of items, by catalogue row."""

from collections.abc import Iterator, Mapping
from typing import Any, Protocol


class Cards(Protocol):
    """A card for each of I items, JSON-ready values by name; a tuple is one."""

    def __len__(self) -> int: ...

    def __getitem__(self, row: int, /) -> Mapping[str, Any]: ...

    def __iter__(self) -> Iterator[Mapping[str, Any]]: ...
