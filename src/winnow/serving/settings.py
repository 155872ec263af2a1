"""What the service is told from outside. The only file that reads the environment."""

import hashlib
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from winnow.schema.errors import SettingsError

LOG_LEVELS = ("debug", "info", "warning", "error")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How the service listens and whom it answers.

    Attributes:
        host: address to listen on; 127.0.0.1 is this machine only.
        port: 0 takes any free port.
        key_hashes: SHA-256 of each API key; keys themselves are never kept. Not shown in `repr`.
        log_level: one of LOG_LEVELS.
        state: folder in which changes of items outlive the process; None keeps them in memory only.
    """

    host: str = "127.0.0.1"
    port: int = 8080
    key_hashes: tuple[bytes, ...] = field(default=(), repr=False)
    log_level: str = "info"
    state: Path | None = None

    def __post_init__(self) -> None:
        if not self.host:
            raise SettingsError("The host (WINNOW_HOST) is empty; it takes an address such as 127.0.0.1 or 0.0.0.0.")
        if not 0 <= self.port <= 65_535:
            raise SettingsError(f"The port (WINNOW_PORT) is {self.port}; it takes a whole number from 0 to 65535.")
        if self.log_level not in LOG_LEVELS:
            raise SettingsError(
                f"The log level (WINNOW_LOG_LEVEL) is '{self.log_level}'; it takes one of: {', '.join(LOG_LEVELS)}."
            )


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Settings from WINNOW_HOST, _PORT, _API_KEYS (separated by commas), _LOG_LEVEL and _STATE.

    Args:
        environment: variables by name, the process's own by default.

    Raises:
        SettingsError: a variable holds a value out of range; the sentence names it. Keys are never quoted.
    """
    given = os.environ if environment is None else environment
    keys = given.get("WINNOW_API_KEYS", "")
    return Settings(
        host=given.get("WINNOW_HOST", "127.0.0.1"),
        port=_port(given.get("WINNOW_PORT", "8080")),
        key_hashes=hashed_keys(keys.split(",")) if keys.strip() else (),
        log_level=given.get("WINNOW_LOG_LEVEL", "info").lower(),
        state=Path(state) if (state := given.get("WINNOW_STATE", "").strip()) else None,
    )


def hashed_keys(keys: Iterable[str]) -> tuple[bytes, ...]:
    """SHA-256 of each key, spaces around it removed. Keys are long and random, so that a plain hash is enough.

    Raises:
        SettingsError: a key is empty, or cannot be written in an HTTP header.
    """
    return tuple(hash_of_key(_checked(number, key.strip())) for number, key in enumerate(keys, 1))


def hash_of_key(key: str) -> bytes:
    """SHA-256 of one key."""
    return hashlib.sha256(key.encode()).digest()


def _port(text: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise SettingsError(f"WINNOW_PORT is '{text}'; it takes a whole number from 0 to 65535.") from error


def _checked(number: int, key: str) -> str:
    if not key:
        raise SettingsError(f"Key {number} of WINNOW_API_KEYS is empty; write keys with one comma between them.")
    if not (key.isascii() and key.isprintable()) or " " in key:
        raise SettingsError(
            f"Key {number} of WINNOW_API_KEYS holds a space or a character that is not ASCII; "
            "a key is letters, digits and signs."
        )
    return key
