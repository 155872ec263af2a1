"""Where in a schema file each thing was written."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Places:
    """So that an error about a table can point at the line of the schema file that asked for it.

    Attributes:
        by_key: "features.price", "events.time", "keys.item" or "title" -> "shop.yaml, line 8, column 5"; empty where
            the schema was made by a program.
    """

    by_key: Mapping[str, str] = field(default_factory=dict[str, str])

    def before(self, key: str) -> str:
        """The place as the beginning of a sentence, "" where it is not known."""
        return f"{self.by_key[key]}: " if key in self.by_key else ""

    def after(self, key: str) -> str:
        """The place in brackets; what the file does not say has its default, and "" where there is no file."""
        if key in self.by_key:
            return f" ({self.by_key[key]})"
        return " (by default; the schema file does not name it)" if self.by_key else ""


NOWHERE = Places()
