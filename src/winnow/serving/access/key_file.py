"""A file of keys: a line each, its roles and its hash. Keys themselves are not in it."""

import re
from collections.abc import Collection
from pathlib import Path

from winnow.schema.errors import SettingsError
from winnow.serving.access.known_key import KnownKey, hash_of_key
from winnow.serving.access.role import Role, read_roles, written_roles

COMMENT = "#"
HASH = re.compile(r"[0-9a-fA-F]{64}")


def read_key_file(file: Path) -> tuple[KnownKey, ...]:
    """The keys of a file; what stands behind a # is for people.

    Raises:
        SettingsError: it cannot be read, a line is no roles and hash, or there is no line: a file that was emptied by
            mistake, or is just being written, must not shut the service.
    """
    try:
        lines = file.read_text().splitlines()
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no text"
        raise SettingsError(f"The keys file {file} cannot be read: {why}.") from error
    said = {number: words for number, line in enumerate(lines, 1) if (words := line.partition(COMMENT)[0].split())}
    if not said:
        raise SettingsError(f"The keys file {file} holds no key; `winnow keys new --role read` prints a line for it.")
    return tuple(_known(f"Line {number} of the keys file {file}", words) for number, words in said.items())


def key_line(roles: Collection[Role], key: str) -> str:
    """The line of a key in the file."""
    return f"{written_roles(roles)} {hash_of_key(key).hex()}"


def _known(place: str, words: list[str]) -> KnownKey:
    # A line that is wrong may hold a key by mistake, so that it is not quoted.
    if len(words) != 2 or not HASH.fullmatch(words[1]):
        raise SettingsError(f"{place} is not roles and a SHA-256 hash of 64 digits with a space between them.")
    try:
        return KnownKey(roles=read_roles(words[0]), hash=bytes.fromhex(words[1]))
    except ValueError as error:
        raise SettingsError(f"{place} begins with {error}.") from error
