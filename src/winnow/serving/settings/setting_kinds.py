"""Which values settings take, and how they are written. A new kind is a small class here."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from winnow.serving.access.known_key import KnownKey, hashed_keys

ORIGIN = re.compile(r"\*|https?://[A-Za-z0-9.:\[\]-]+")
TRUTHS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


class SettingKind(Protocol):
    """Reads what people write. Errors are the end of a sentence that begins with the place of the setting."""

    @property
    def takes(self) -> str:
        """The values, in words."""
        ...

    def read(self, text: str) -> Any:
        """The value that a text means; ValueError where it means none."""
        ...

    def check(self, value: Any) -> None:
        """ValueError where the value is not one of those that the setting takes."""
        ...

    def shown(self, value: Any) -> str:
        """As people read it."""
        ...


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number within limits, which are included."""

    least: int
    most: int

    @property
    def takes(self) -> str:
        return f"a whole number from {self.least} to {self.most}"

    def read(self, text: str) -> int:
        try:
            return int(text)
        except ValueError as error:
            raise ValueError(f"is '{text}'; it takes {self.takes}") from error

    def check(self, value: Any) -> None:
        if not self.least <= value <= self.most:
            raise ValueError(f"is {value}; it takes {self.takes}")

    def shown(self, value: Any) -> str:
        return str(value)


@dataclass(frozen=True, slots=True)
class Share:
    """A number from 0 to 1, or only one above 0."""

    may_be_zero: bool = True

    @property
    def takes(self) -> str:
        return "a number from 0 to 1" if self.may_be_zero else "a number above 0 to 1"

    def read(self, text: str) -> float:
        try:
            return float(text)
        except ValueError as error:
            raise ValueError(f"is '{text}'; it takes {self.takes}") from error

    def check(self, value: Any) -> None:
        if not 0 <= value <= 1 or (value == 0 and not self.may_be_zero):
            raise ValueError(f"is {value}; it takes {self.takes}")

    def shown(self, value: Any) -> str:
        return f"{value:g}"


@dataclass(frozen=True, slots=True)
class Word:
    """One of a few words, whose case does not matter."""

    words: tuple[str, ...]

    @property
    def takes(self) -> str:
        return f"one of: {', '.join(self.words)}"

    def read(self, text: str) -> str:
        return text.lower()

    def check(self, value: Any) -> None:
        if value not in self.words:
            raise ValueError(f"is '{value}'; it takes {self.takes}")

    def shown(self, value: Any) -> str:
        return value


@dataclass(frozen=True, slots=True)
class Flag:
    """Whether something is so."""

    takes: str = "true or false"

    def read(self, text: str) -> bool:
        if text.lower() not in TRUTHS:
            raise ValueError(f"is '{text}'; it takes {self.takes}")
        return TRUTHS[text.lower()]

    def check(self, value: Any) -> None:
        pass

    def shown(self, value: Any) -> str:
        return str(value).lower()


@dataclass(frozen=True, slots=True)
class Text:
    """Any text; spaces around it go."""

    takes: str
    may_be_empty: bool = True

    def read(self, text: str) -> str:
        return text.strip()

    def check(self, value: Any) -> None:
        if not (value or self.may_be_empty):
            raise ValueError(f"is empty; it takes {self.takes}")

    def shown(self, value: Any) -> str:
        return value or "none"


@dataclass(frozen=True, slots=True)
class WebAddress:
    """A URL of a server over HTTP; a blank text is none. Errors do not quote it, for it may hold a password."""

    takes: str

    def read(self, text: str) -> str:
        return text.strip()

    def check(self, value: Any) -> None:
        try:
            parts = urlsplit(value)
            is_one = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
        except ValueError:  # of the port, or of brackets; it would quote the value
            is_one = False
        if value and not is_one:
            raise ValueError(f"is no address that begins with http:// or https:// and a host; it takes {self.takes}")

    def shown(self, value: Any) -> str:
        return value or "none"


@dataclass(frozen=True, slots=True)
class Place:
    """A file or a folder; a blank text is none."""

    takes: str

    def read(self, text: str) -> Path | None:
        return Path(text.strip()) if text.strip() else None

    def check(self, value: Any) -> None:
        pass

    def shown(self, value: Any) -> str:
        return "none" if value is None else str(value)


@dataclass(frozen=True, slots=True)
class Secret:
    """Bytes that nobody may guess; a blank text is none. Errors do not quote it."""

    min_bytes: int

    @property
    def takes(self) -> str:
        return f"{self.min_bytes} bytes or more"

    def read(self, text: str) -> bytes:
        return text.strip().encode(errors="surrogateescape")

    def check(self, value: Any) -> None:
        if 0 < len(value) < self.min_bytes:
            raise ValueError(f"has {len(value)} bytes; it takes {self.takes}, such as `openssl rand -hex 32` writes")

    def shown(self, value: Any) -> str:
        return "(hidden)" if value else "none"


@dataclass(frozen=True, slots=True)
class ApiKeys:
    """Keys with commas between them, of which only the hashes are kept; a blank text is none."""

    takes: str = "KEY or ROLE:KEY, with commas between several"

    def read(self, text: str) -> tuple[KnownKey, ...]:
        return hashed_keys(text.split(",")) if text.strip() else ()

    def check(self, value: Any) -> None:
        pass

    def shown(self, value: Any) -> str:
        return f"{len(value)}" if value else "none"


@dataclass(frozen=True, slots=True)
class Origins:
    """Origins of web pages with commas between them; a blank text is none."""

    takes: str = "origins such as https://shop.example, with commas between several; * for all"

    def read(self, text: str) -> tuple[str, ...]:
        return tuple(filter(None, map(str.strip, text.split(","))))

    def check(self, value: Any) -> None:
        for each in value:
            if not ORIGIN.fullmatch(each):
                raise ValueError(f"has '{each}'; it takes {self.takes}, and no slash at the end of one")

    def shown(self, value: Any) -> str:
        return ", ".join(value) or "none"
