"""Texts to vectors by an exported encoder: ONNX Runtime and a tokenizer, no torch."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from winnow.features.encoders.encoded import Encoded
from winnow.features.encoders.onnx_network import OnnxNetwork
from winnow.features.encoders.saved_encoder import TOKENIZER_FILE, SavedEncoder, unreadable
from winnow.features.encoders.text_batches import text_batches
from winnow.schema.column import Array
from winnow.schema.errors import BundleError
from winnow.schema.progress import Progress, silent

TOKENS = {"input_ids": "ids", "attention_mask": "attention_mask", "token_type_ids": "type_ids"}
"""Inputs that networks of texts have, and what the tokenizer calls them."""


class OnnxTexts:
    """A `TextEncoder`: the one that was exported, under its own id. Cutting and padding are written in its tokenizer.

    Args:
        folder: that `export_encoder` wrote.

    Raises:
        BundleError: a file is absent or damaged, or the files do not belong together.
    """

    def __init__(self, folder: Path) -> None:
        saved = SavedEncoder.load(folder)
        self.id = saved.id
        self.width = saved.width
        self._tokenizer = _tokenizer(folder)
        self._network = OnnxNetwork.open(folder, saved.width)
        if foreign := self._network.shapes.keys() - TOKENS.keys():
            raise BundleError(
                f"The network in {folder} has an input '{min(foreign)}', which no tokenizer makes: it is of another "
                "encoder. Use a bundle as it was written."
            )

    def encode(self, contents: Sequence[str], batch_size: int = 32, progress: Progress = silent) -> Encoded:
        return text_batches(self._vectors, contents, self.width, batch_size, progress)

    def _vectors(self, texts: list[str]) -> Array:
        tokens = self._tokenizer.encode_batch(texts)
        return self._network(
            {
                name: np.array([getattr(each, TOKENS[name]) for each in tokens], np.int64)
                for name in self._network.shapes
            }
        )


def _tokenizer(folder: Path) -> Tokenizer:
    try:
        return Tokenizer.from_file(str(folder / TOKENIZER_FILE))
    # The library raises nothing narrower.
    except Exception as error:
        raise unreadable(folder, error) from error
