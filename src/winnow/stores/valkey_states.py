"""What is asked of a Valkey server to know users, and what its answers say."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from winnow.schema.column import Array, offsets_of
from winnow.stores.known_events import KnownEvents
from winnow.stores.seen_days import days_of
from winnow.stores.state_store import UserStates
from winnow.stores.valkey_client import Command
from winnow.stores.valkey_keys import TYPES, UserKeys

MEMBER = np.dtype([("arrived", ">u8"), ("item_hash", "<u8"), ("at", "<f8")])
"""A member of a sorted set of events."""
ANSWERS = 1 + len(TYPES)
"""Of each user."""
NOTHING: list[list[Any]] = [[None], *([] for _ in TYPES)]
"""The answers of a server that does not know a user."""


def read_commands(keys: UserKeys, before: float, days: range) -> list[Command]:
    """The questions on one user: the forgotten mark and the bitmaps of some days, then the events of each type."""
    end = f"({before!r}"
    return [
        ("MGET", keys.forgotten, *keys.seen(days)),
        *(("ZRANGEBYSCORE", each, "-inf", end) for each in keys.events()),
    ]


def states_of(answers: Sequence[Sequence[list[Any]]]) -> UserStates:
    """From the answers to `read_commands` of each of B users."""
    marks = [each[0] for each in answers]
    return UserStates(
        events=_events([each for own in answers for each in own[1:]]),
        seen=days_of([[bitmap for bitmap in mark[1:] if bitmap] for mark in marks]),
        forgotten=np.array([mark[0] is not None for mark in marks], bool),
    )


def _events(lists: Sequence[list[bytes]]) -> KnownEvents:
    """From the members of B users by type: user by user, and of each by time, then by arrival."""
    members = np.frombuffer(b"".join(member for each in lists for member in each), MEMBER)
    lengths = np.fromiter(map(len, lists), np.int64, len(lists))
    at = members["at"].astype(np.float64)
    of_list = np.repeat(np.arange(len(lists)), lengths)
    order = np.lexsort((members["arrived"], at, of_list // len(TYPES)))
    types: Array = (of_list % len(TYPES)).astype(np.int8)
    offsets = offsets_of(lengths.reshape(-1, len(TYPES)).sum(axis=1))
    return KnownEvents.of(members["item_hash"].astype(np.uint64)[order], types[order], at[order], offsets)
