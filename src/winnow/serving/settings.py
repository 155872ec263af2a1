"""What the service is told from outside. The only file that reads the environment."""

import hashlib
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from winnow.schema.errors import SettingsError

LOG_LEVELS = ("debug", "info", "warning", "error")
MIN_SECRET_BYTES = 32
MAX_CURSOR_LIFE_S = 30 * 86_400
MAX_DEMAND_S = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How the service listens and whom it answers.

    Attributes:
        host: address to listen on; 127.0.0.1 is this machine only.
        port: 0 takes any free port.
        key_hashes: SHA-256 of each API key; keys themselves are never kept. Not shown in `repr`.
        log_level: one of LOG_LEVELS.
        state: folder in which events and changes of items outlive the process; None keeps them in memory only.
        valkey_url: of a server that keeps the events for all processes; empty for none. Not shown in `repr`.
        feast: folder of a Feast repository that says what is known of users; None for none.
        events: folder of the event log: the worker writes to it what visitors did, and the service what it answered;
            None where there is none.
        cursor_secret: signs cursors, at least MIN_SECRET_BYTES; empty for a random one of the process. Not shown in
            `repr`.
        cursor_life_s: seconds for which a cursor is good, 1 to MAX_CURSOR_LIFE_S.
        retrieval_share: of the candidates that the recipe retrieves and ranks, above 0 to 1.
        demand_s: seconds after which sources are told again what is in demand, up to MAX_DEMAND_S; 0 for never.
    """

    host: str = "127.0.0.1"
    port: int = 8080
    key_hashes: tuple[bytes, ...] = field(default=(), repr=False)
    log_level: str = "info"
    state: Path | None = None
    valkey_url: str = field(default="", repr=False)
    feast: Path | None = None
    events: Path | None = None
    cursor_secret: bytes = field(default=b"", repr=False)
    cursor_life_s: int = 1800
    retrieval_share: float = 1.0
    demand_s: int = 5

    def __post_init__(self) -> None:
        if not self.host:
            raise SettingsError("The host (WINNOW_HOST) is empty; it takes an address such as 127.0.0.1 or 0.0.0.0.")
        if not 0 <= self.port <= 65_535:
            raise SettingsError(f"The port (WINNOW_PORT) is {self.port}; it takes a whole number from 0 to 65535.")
        if self.log_level not in LOG_LEVELS:
            raise SettingsError(
                f"The log level (WINNOW_LOG_LEVEL) is '{self.log_level}'; it takes one of: {', '.join(LOG_LEVELS)}."
            )
        if not 0 <= self.demand_s <= MAX_DEMAND_S:
            raise SettingsError(
                f"The time after which sources are told of demand again (WINNOW_DEMAND_S) is {self.demand_s} seconds; "
                f"it takes a whole number from 0 to {MAX_DEMAND_S}, and 0 means never."
            )
        if not 0 < self.retrieval_share <= 1:
            raise SettingsError(
                f"The share of the recipe's candidates (WINNOW_RETRIEVAL_SHARE) is {self.retrieval_share}; it takes a "
                "number above 0 to 1."
            )
        self._check_cursors()

    def _check_cursors(self) -> None:
        if 0 < len(self.cursor_secret) < MIN_SECRET_BYTES:
            raise SettingsError(
                f"The secret of cursors (WINNOW_CURSOR_SECRET) has {len(self.cursor_secret)} bytes; it takes "
                f"{MIN_SECRET_BYTES} or more, such as `openssl rand -hex 32` writes."
            )
        if not 1 <= self.cursor_life_s <= MAX_CURSOR_LIFE_S:
            raise SettingsError(
                f"The life of cursors (WINNOW_CURSOR_LIFE_S) is {self.cursor_life_s} seconds; it takes a whole number "
                f"from 1 to {MAX_CURSOR_LIFE_S}."
            )


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Settings from the variables WINNOW_HOST, _PORT, _API_KEYS and so on, as docs/howto/serve.md lists them.

    Args:
        environment: variables by name, the process's own by default; keys are separated by commas.

    Raises:
        SettingsError: a variable holds a value out of range; the sentence names it. Keys and secrets are never quoted.
    """
    given = os.environ if environment is None else environment
    keys = given.get("WINNOW_API_KEYS", "")
    return Settings(
        host=given.get("WINNOW_HOST", "127.0.0.1"),
        port=_whole("WINNOW_PORT", given.get("WINNOW_PORT", "8080"), "from 0 to 65535"),
        key_hashes=hashed_keys(keys.split(",")) if keys.strip() else (),
        log_level=given.get("WINNOW_LOG_LEVEL", "info").lower(),
        state=Path(state) if (state := given.get("WINNOW_STATE", "").strip()) else None,
        valkey_url=given.get("WINNOW_VALKEY_URL", "").strip(),
        feast=Path(feast) if (feast := given.get("WINNOW_FEAST", "").strip()) else None,
        events=Path(events) if (events := given.get("WINNOW_EVENTS", "").strip()) else None,
        cursor_secret=given.get("WINNOW_CURSOR_SECRET", "").strip().encode(errors="surrogateescape"),
        cursor_life_s=_whole(
            "WINNOW_CURSOR_LIFE_S", given.get("WINNOW_CURSOR_LIFE_S", "1800"), f"from 1 to {MAX_CURSOR_LIFE_S}"
        ),
        retrieval_share=_share("WINNOW_RETRIEVAL_SHARE", given.get("WINNOW_RETRIEVAL_SHARE", "1")),
        demand_s=_whole("WINNOW_DEMAND_S", given.get("WINNOW_DEMAND_S", "5"), f"from 0 to {MAX_DEMAND_S}"),
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


def _whole(name: str, text: str, limits: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise SettingsError(f"{name} is '{text}'; it takes a whole number {limits}.") from error


def _share(name: str, text: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise SettingsError(f"{name} is '{text}'; it takes a number above 0 to 1.") from error


def _checked(number: int, key: str) -> str:
    if not key:
        raise SettingsError(f"Key {number} of WINNOW_API_KEYS is empty; write keys with one comma between them.")
    if not (key.isascii() and key.isprintable()) or " " in key:
        raise SettingsError(
            f"Key {number} of WINNOW_API_KEYS holds a space or a character that is not ASCII; "
            "a key is letters, digits and signs."
        )
    return key
