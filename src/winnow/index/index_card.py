"""What an index says of itself on disk."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from winnow.schema.errors import BundleError

CARD_NAME = "index.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexCard:
    """The content of `index.json`.

    Attributes:
        kind: which implementation wrote it.
        num_items, embedding_dim: shape of the vectors.
        recall: share of the exact answer that was found when it was built, 0 to 1.
        parameters: what the kind needs to be opened again.
    """

    kind: str
    num_items: int
    embedding_dim: int
    recall: float
    parameters: Mapping[str, int] = field(default_factory=dict[str, int])

    def save(self, folder: Path) -> None:
        """Write `index.json` into an existing folder."""
        (folder / CARD_NAME).write_text(json.dumps(asdict(self), indent=1) + "\n", encoding="utf-8")

    @staticmethod
    def load(folder: Path) -> "IndexCard":
        """Read `index.json`.

        Raises:
            BundleError: it is missing, or not what `save` writes.
        """
        path = folder / CARD_NAME
        try:
            return IndexCard(**json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError) as error:
            raise BundleError(f"{path} is not the card of an index ({error}); build the bundle again.") from error
