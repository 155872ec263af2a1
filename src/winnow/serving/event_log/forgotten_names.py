"""Whose events must not be in the log, and until when."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import orjson

from winnow.schema.errors import DataError

FILE_NAME = "_forgotten.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgottenNames:
    """Names, hashed, with the UTC seconds until when what arrived is gone; what comes later is kept again.

    It is kept because entries come again after a crash, when the rows that they once became are gone already.
    """

    until: Mapping[str, float] = field(default_factory=dict[str, float])

    @staticmethod
    def read(folder: Path) -> "ForgottenNames":
        """As it stands in the folder of a log.

        Raises:
            DataError: the file is damaged.
        """
        path = folder / FILE_NAME
        try:
            return ForgottenNames(until=orjson.loads(path.read_bytes()))
        except FileNotFoundError:
            return ForgottenNames()
        except orjson.JSONDecodeError as error:
            raise DataError(f"{path} is damaged. Restore it from a copy; it says who asked to be forgotten.") from error

    def content(self) -> bytes:
        """What `read` reads."""
        return orjson.dumps(dict(self.until))

    def with_names(self, names: Mapping[str, float]) -> "ForgottenNames":
        """With more names, and until when."""
        later = {_hash(name): max(at, self.until.get(_hash(name), at)) for name, at in names.items()}
        return replace(self, until={**self.until, **later})

    def holds(self, name: str) -> bool:
        """Whether somebody was ever forgotten."""
        return _hash(name) in self.until

    def covers(self, names: Iterable[str], arrived_at: float) -> bool:
        """Whether what came at an instant, UTC seconds, and names these was forgotten later; "" is nobody's name."""
        if not self.until:
            return False
        return any(arrived_at <= self.until.get(_hash(name), -1.0) for name in names if name)


def _hash(name: str) -> str:
    return hashlib.blake2b(name.encode(errors="replace"), digest_size=16).hexdigest()
