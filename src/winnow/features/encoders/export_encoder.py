"""Writes pretrained encoders for services, which have no torch. A leaf: serving never imports it."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn

from winnow.features.encoders.clip_pictures import ClipPictures
from winnow.features.encoders.clip_texts import ClipTexts
from winnow.features.encoders.onnx_pictures import PIXELS, OnnxPictures
from winnow.features.encoders.onnx_texts import OnnxTexts
from winnow.features.encoders.processor_scaling import processor_scaling
from winnow.features.encoders.saved_encoder import TOKENIZER_FILE, SavedEncoder
from winnow.features.encoders.sentence_bert import SentenceBert
from winnow.features.encoders.write_network import Tensors, write_network
from winnow.schema.column import Array
from winnow.schema.errors import EncoderError

TOLERANCE = 1e-4
"""Of numbers in unit vectors; above it an export is refused. What is usual is 1e-6."""
TEXTS: tuple[str, ...] = ("Spade", "Un café à Zürich, 日本語 and \U0001f600", "watering can, green " * 400)
SIZES = ((53, 37), (41, 64), (300, 300))
"""Of pictures, in pixels."""


def export_encoder(encoder: SentenceBert | ClipTexts | ClipPictures, folder: Path) -> None:
    """Writes an encoder for `open_exported`, and proves that what was written gives the same vectors.

    The folder gets `encoder.json`, `model.onnx` in float32 and, for texts, `tokenizer.json` with its cutting and
    padding.

    Args:
        encoder: a pretrained one.
        folder: an existing, empty one.

    Raises:
        EncoderError: its tokenizer, its image processor or its network is of a kind that cannot be exported.
    """
    if isinstance(encoder, ClipPictures):
        _export_pictures(encoder, folder)
        contents = _pictures()
        _check(encoder.id, encoder.encode(contents).vectors, OnnxPictures(folder).encode(contents).vectors)
    else:
        _export_texts(encoder, folder)
        _check(encoder.id, encoder.encode(TEXTS).vectors, OnnxTexts(folder).encode(TEXTS).vectors)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    """What the encoders of texts have in common."""

    owner: nn.Module
    tokenizer: Any
    tokens: Mapping[str, Any]
    call: Callable[[Tensors], Tensor]


def _export_texts(encoder: SentenceBert | ClipTexts, folder: Path) -> None:
    words = _sentence_bert(encoder) if isinstance(encoder, SentenceBert) else _clip_texts(encoder)
    tokenizer = _fast(encoder.id, words.tokenizer)
    tokenizer.save(str(folder / TOKENIZER_FILE))
    # Where texts are filled up to one length, the network is of that length.
    free = (0, 1) if tokenizer.padding["length"] is None else (0,)
    write_network(words.owner, words.call, words.tokens, free, folder)
    SavedEncoder(kind="texts", id=encoder.id, width=encoder.width).save(folder)


def _sentence_bert(encoder: SentenceBert) -> _Words:
    model: Any = encoder.model
    made = model.preprocess(list(TEXTS[:2]))
    tokens = {name: each.to(model.device) for name, each in made.items() if isinstance(each, Tensor)}
    rest = {name: each for name, each in made.items() if name not in tokens}
    return _Words(
        owner=model,
        tokenizer=model.tokenizer,
        tokens=tokens,
        call=lambda tokens: model({**tokens, **rest})["sentence_embedding"],
    )


def _clip_texts(encoder: ClipTexts) -> _Words:
    model = encoder.clip.model
    return _Words(
        owner=model,
        tokenizer=encoder.tokenizer,
        tokens=encoder.tokens(list(TEXTS[:2])),
        call=lambda tokens: model.get_text_features(**tokens).pooler_output,
    )


def _fast(encoder: str, tokenizer: Any) -> Any:
    """The part in Rust, which needs no transformers. With the last texts it was told how to cut and to pad."""
    fast = getattr(tokenizer, "backend_tokenizer", None)
    if fast is None or fast.truncation is None or fast.padding is None:
        raise EncoderError(
            f"The tokenizer of '{encoder}' ({type(tokenizer).__name__}) cannot be exported; one of the library "
            "tokenizers is wanted that cuts and pads: choose another encoder."
        )
    return fast


def _export_pictures(encoder: ClipPictures, folder: Path) -> None:
    model = encoder.clip.model
    scaling = processor_scaling(encoder.processor.to_dict())
    sample = {PIXELS: torch.zeros(2, 3, *scaling.crop, device=model.device)}
    write_network(model, lambda pixels: model.get_image_features(**pixels).pooler_output, sample, (0,), folder)
    SavedEncoder(kind="pictures", id=encoder.id, width=encoder.width, scaling=asdict(scaling)).save(folder)


def _pictures() -> list[bytes]:
    noise, files = np.random.default_rng(0), [BytesIO() for _ in SIZES]
    for (width, height), file in zip(SIZES, files, strict=True):
        Image.fromarray(noise.integers(0, 256, (height, width, 3), np.uint8)).save(file, "PNG")
    return [file.getvalue() for file in files]


def _check(encoder: str, wanted: Array, found: Array) -> None:
    apart = float(abs(wanted - found).max())
    if not apart <= TOLERANCE:
        raise EncoderError(
            f"What was exported of '{encoder}' gives other vectors than the encoder itself, by {apart:.2g}; at most "
            f"{TOLERANCE:g} is wanted. Something that it does cannot be exported: choose another encoder."
        )
