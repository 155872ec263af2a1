"""What every encoder of texts or pictures promises."""

from collections.abc import Sequence
from typing import Protocol

from winnow.features.encoders.encoded import Encoded
from winnow.schema.progress import Progress, silent


class TextEncoder(Protocol):
    """Texts to unit vectors.

    Attributes:
        id: name of the encoder, its model and the model's revision; equal ids give equal vectors, so caches rely on it.
        width: numbers in a vector.
    """

    @property
    def id(self) -> str: ...
    @property
    def width(self) -> int: ...

    def encode(self, contents: Sequence[str], batch_size: int = 32, progress: Progress = silent) -> Encoded:
        """One vector for each text; an item without text is not passed in.

        Args:
            contents: N texts.
            batch_size: how many go through the network at once.
            progress: hears of each batch.
        """
        ...


class PictureEncoder(Protocol):
    """Pictures to unit vectors.

    Attributes:
        id: as for `TextEncoder`.
        width: numbers in a vector.
    """

    @property
    def id(self) -> str: ...
    @property
    def width(self) -> int: ...

    def encode(self, contents: Sequence[bytes], batch_size: int = 32, progress: Progress = silent) -> Encoded:
        """One vector for each picture; an item without picture is not passed in.

        Args:
            contents: N image files, as bytes.
            batch_size: how many go through the network at once.
            progress: hears of each batch.
        """
        ...
