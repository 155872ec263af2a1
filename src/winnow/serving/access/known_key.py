"""An API key as the service keeps it: what it is good for, and its hash."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from winnow.serving.access.role import Role, read_roles


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownKey:
    """Keys are long and random, so that a plain hash is enough; the key itself is never kept.

    Attributes:
        roles: what it is good for.
        hash: SHA-256.
    """

    roles: frozenset[Role]
    hash: bytes


def hashed_keys(texts: Iterable[str]) -> tuple[KnownKey, ...]:
    """Keys as the environment has them, KEY or ROLE:KEY, spaces around them removed; KEY alone may do all.

    Raises:
        ValueError: the end of a sentence that begins with where they stand, and does not quote them: a key is empty,
            cannot be written in an HTTP header, or has a colon behind what is no role.
    """
    return tuple(_known(number, text.strip()) for number, text in enumerate(texts, 1))


def hash_of_key(key: str) -> bytes:
    """SHA-256 of one key."""
    return hashlib.sha256(key.encode()).digest()


def _known(number: int, text: str) -> KnownKey:
    said, _, key = text.partition(":") if ":" in text else (Role.ADMIN, "", text)
    try:
        roles = read_roles(said)
    except ValueError as error:
        raise ValueError(
            f"holds in place {number} a key with a colon, and what stands before the colon is {error}; a key that has "
            f"a colon itself is written {Role.ADMIN}:KEY"
        ) from error
    return KnownKey(roles=roles, hash=hash_of_key(_checked(number, key)))


def _checked(number: int, key: str) -> str:
    if not key:
        raise ValueError(f"holds an empty key in place {number}; write keys with one comma between them")
    if not (key.isascii() and key.isprintable()) or " " in key:
        raise ValueError(
            f"holds in place {number} a key with a space or a character that is not ASCII; a key is letters, digits "
            "and signs"
        )
    return key
