"""What `encoder.json` says of an encoder that lies in a folder."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

from winnow.schema.errors import BundleError

ENCODER_FILE = "encoder.json"
TOKENIZER_FILE = "tokenizer.json"
Kind = Literal["texts", "pictures"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedEncoder:
    """The first page of an exported encoder.

    Attributes:
        kind: what it encodes.
        id: of the encoder that was exported; its vectors are the same, so it is the same encoder.
        width: numbers in a vector.
        scaling: of pictures, as `PixelScaling` takes it; a tokenizer says all of itself in its own file.
    """

    kind: Kind
    id: str
    width: int
    scaling: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def save(self, folder: Path) -> None:
        """Writes into an existing folder."""
        text = json.dumps(asdict(self), indent=1, ensure_ascii=False)
        (folder / ENCODER_FILE).write_text(text + "\n", encoding="utf-8")

    @staticmethod
    def load(folder: Path) -> "SavedEncoder":
        """The same again.

        Raises:
            BundleError: the file is absent or damaged, or says what this version does not know.
        """
        try:
            saved = SavedEncoder(**json.loads((folder / ENCODER_FILE).read_text(encoding="utf-8")))
            _check(saved)
        except (OSError, TypeError, ValueError) as error:
            raise unreadable(folder, error) from error
        return saved


def unreadable(folder: Path, error: Exception) -> BundleError:
    """One sentence for whatever is wrong with the files of an encoder."""
    said = " ".join(str(error).split()).rstrip(".")
    return BundleError(
        f"The encoder in {folder} cannot be read ({type(error).__name__}: {said}); it is damaged or made by another "
        "version: train again."
    )


def _check(saved: SavedEncoder) -> None:
    if saved.kind not in get_args(Kind):
        raise ValueError(f"its kind is {saved.kind!r}, known are {' and '.join(get_args(Kind))}")
    if not (isinstance(saved.id, str) and isinstance(saved.width, int) and isinstance(saved.scaling, dict)):
        raise TypeError("id, width and scaling are to be text, a number and an object")
