"""Requests whose answers are known, which go along with a bundle."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from winnow.schema.errors import BundleError

PART, FILE = "canary", "canary.json"

Answer = Mapping[str, float]
"""Scores by item id, best first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CanarySet:
    """What is asked of an engine before anybody else may ask it.

    Attributes:
        at: the instant of all requests, UTC seconds.
        k: items wanted.
        users: B names, "" for a visitor of whom nothing is known.
        contexts: B times JSON values by raw context column.
        answers: B times what the engine of the training answered; none where nobody kept it.
    """

    at: float
    k: int
    users: tuple[str, ...]
    contexts: tuple[Mapping[str, Any], ...]
    answers: tuple[Answer, ...] = ()

    def save(self, folder: Path) -> None:
        """Writes the part."""
        (folder / FILE).write_text(json.dumps(asdict(self), ensure_ascii=False) + "\n", encoding="utf-8")

    @staticmethod
    def load(folder: Path) -> "CanarySet":
        """Reads the part.

        Raises:
            BundleError: it is not as it was written.
        """
        try:
            told = json.loads((folder / FILE).read_bytes())
            return CanarySet(
                at=float(told["at"]),
                k=int(told["k"]),
                users=tuple(told["users"]),
                contexts=tuple(told["contexts"]),
                answers=tuple(told["answers"]),
            )
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise BundleError(
                f"The canary requests in {folder} cannot be read: {error}. Train the bundle again."
            ) from error
