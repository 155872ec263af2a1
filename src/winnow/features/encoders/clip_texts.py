"""Texts to vectors with CLIP, in the space of its pictures. A leaf: serving never imports it."""

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from transformers import AutoTokenizer

from winnow.features.encoders.clip import Clip
from winnow.features.encoders.encoded import Encoded
from winnow.features.encoders.text_batches import text_batches
from winnow.features.encoders.weights import loading
from winnow.schema.column import Array
from winnow.schema.errors import EncoderError
from winnow.schema.progress import Progress, silent


class ClipTexts:
    """A `TextEncoder` whose vectors may be held against those of `ClipPictures` with the same network.

    A text that is longer than the network reads, 77 tokens in CLIP, is cut.

    Args:
        clip: the network.

    Attributes:
        clip: as given.
        tokenizer: the one that was stored with its weights.

    Raises:
        EncoderError: there is no tokenizer with the weights, or one of another network.
    """

    def __init__(self, clip: Clip) -> None:
        with loading(clip.source, "tokenizer of CLIP"):
            self.tokenizer: Any = AutoTokenizer.from_pretrained(clip.source)
        self.clip = clip
        config = clip.model.config
        _check(clip.source, len(self.tokenizer), config.text_config.vocab_size)
        self._length: int = config.text_config.max_position_embeddings
        # SigLIP learnt with every text filled up to its length.
        self._padding = "max_length" if config.model_type.startswith("siglip") else "longest"
        self.id = f"clip-texts {clip.name}"
        self.width: int = len(self._vectors(["width"])[0])

    @property
    def logit_scale(self) -> float:
        """As of `Clip`."""
        return self.clip.logit_scale

    def encode(self, contents: Sequence[str], batch_size: int = 32, progress: Progress = silent) -> Encoded:
        return text_batches(self._vectors, contents, self.width, batch_size, progress)

    def tokens(self, texts: list[str]) -> Mapping[str, torch.Tensor]:
        """What the network gets of the texts, int64 [n, L] each, on its device."""
        settings: dict[str, Any] = {"padding": self._padding, "truncation": True, "max_length": self._length}
        return self.tokenizer(texts, return_tensors="pt", **settings).to(self.clip.device)

    def _vectors(self, texts: list[str]) -> Array:
        with torch.inference_mode():
            return self.clip.model.get_text_features(**self.tokens(texts)).pooler_output.cpu().numpy()


def _check(source: str, known: int, embedded: int) -> None:
    """Where the tokenizer's files are missing, the library makes one that knows no word."""
    # Tables are made somewhat longer than the vocabulary at times, for speed.
    if not embedded / 2 < known <= embedded:
        raise EncoderError(
            f"The tokenizer of '{source}' knows {known} pieces of words and the network {embedded}; they do not belong "
            "together, or the tokenizer's files are missing: download the model again."
        )
