"""What a key is good for."""

from collections.abc import Iterable
from enum import StrEnum


class Role(StrEnum):
    """What the holder of a key may do; the routes of each are in docs/howto/serve.md."""

    READ = "read"
    EVENTS = "events"
    ADMIN = "admin"
    """All of it."""


JOINED_BY = "+"


def read_roles(text: str) -> frozenset[Role]:
    """The roles of "read" or "read+events"; ValueError, which does not quote the text, where a word is no role."""
    words = text.split(JOINED_BY)
    if not set(words) <= set(Role):
        raise ValueError(f"none of the roles; they are {', '.join(Role)}, and a {JOINED_BY} joins several")
    return frozenset(map(Role, words))


def written_roles(roles: Iterable[Role]) -> str:
    """As `read_roles` reads them, in the order of Role."""
    return JOINED_BY.join(role for role in Role if role in set(roles))
