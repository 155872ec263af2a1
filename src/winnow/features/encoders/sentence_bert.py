"""Texts to vectors with Sentence-BERT. A leaf: serving never imports it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from huggingface_hub import hf_hub_download
from huggingface_hub.errors import RemoteEntryNotFoundError
from sentence_transformers import SentenceTransformer

from winnow.features.encoders.encoded import Encoded
from winnow.features.encoders.text_batches import text_batches
from winnow.features.encoders.weights import loading, revision_of, short_name
from winnow.schema.column import Array
from winnow.schema.errors import EncoderError
from winnow.schema.progress import Progress, silent

DEFAULT = "sentence-transformers/all-MiniLM-L6-v2"
_MODULES = "modules.json"


class SentenceBert:
    """A `TextEncoder`: the words of an item by meaning, not by letters.

    Args:
        name: public id or local folder of a Sentence-BERT model.
        device: that the network runs on, such as "cpu" or "cuda".

    Attributes:
        model: the network, with its tokenizer.

    Raises:
        EncoderError: the weights cannot be had, or are not of a Sentence-BERT.

    Source: Reimers and Gurevych, Sentence-BERT, 2019.
    """

    def __init__(self, name: str = DEFAULT, device: str = "cpu") -> None:
        with loading(name, "Sentence-BERT model"):
            _check(name)
            self.model = SentenceTransformer(name, device=device)
        width = self.model.get_embedding_dimension()
        if width is None:
            raise EncoderError(f"The model '{name}' does not say how wide its vectors are; name another.")
        self.width: int = width
        transformer: Any = self.model[0]
        commit = getattr(transformer.auto_model.config, "_commit_hash", None)
        self.id = f"sentence-bert {short_name(name)} {revision_of(name, commit)}"

    def encode(self, contents: Sequence[str], batch_size: int = 32, progress: Progress = silent) -> Encoded:
        return text_batches(self._vectors, contents, self.width, batch_size, progress)

    def _vectors(self, texts: list[str]) -> Array:
        return np.asarray(self.model.encode(texts, batch_size=len(texts), show_progress_bar=False))


def _check(name: str) -> None:
    """Of any other network the library would take the mean over the words, and say so only in its log."""
    if not ((Path(name) / _MODULES).is_file() if Path(name).is_dir() else _is_published(name)):
        raise EncoderError(f"'{name}' is no Sentence-BERT model, it has no {_MODULES}; name one that is.")


def _is_published(name: str) -> bool:
    try:
        hf_hub_download(name, _MODULES)
    except RemoteEntryNotFoundError:
        return False
    return True
