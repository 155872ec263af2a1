"""Real weights from a package; whatever is not there must not be looked for in the network."""

import os

os.environ["HF_HUB_OFFLINE"] = "1"  # read when the libraries are imported, so it stands before them

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
import torch
from PIL import Image
from transformers import CLIPConfig, CLIPImageProcessorPil, CLIPModel, CLIPTokenizer

START, END = "<|startoftext|>", "<|endoftext|>"
LETTERS = "abcdefghijklmnopqrstuvwxyz"
VOCABULARY = {text: code for code, text in enumerate([START, END, *LETTERS, *(f"{each}</w>" for each in LETTERS)])}
SMALL = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 2}


@pytest.fixture(scope="session")
def clip_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A CLIP as published ones are stored, but tiny and of random weights: same code, no meaning."""
    folder = tmp_path_factory.mktemp("models") / "tiny-clip"
    text = SMALL | {
        "vocab_size": len(VOCABULARY),
        "max_position_embeddings": 16,
        "bos_token_id": VOCABULARY[START],
        "eos_token_id": VOCABULARY[END],
        "pad_token_id": VOCABULARY[END],
    }
    config = CLIPConfig(text_config=text, vision_config=SMALL | {"image_size": 32, "patch_size": 8}, projection_dim=24)
    with torch.random.fork_rng():
        torch.manual_seed(0)
        CLIPModel(config).save_pretrained(folder)
    size = {"height": 32, "width": 32}
    CLIPImageProcessorPil(size={"shortest_edge": 32}, crop_size=size).save_pretrained(folder)
    CLIPTokenizer(vocab=VOCABULARY, merges=[], model_max_length=16).save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def png() -> Callable[..., bytes]:
    """Makes the file of a picture of one colour."""

    def make(*colour: int, size: tuple[int, int] = (40, 30)) -> bytes:
        content = BytesIO()
        Image.new("RGB", size, colour).save(content, "PNG")
        return content.getvalue()

    return make
