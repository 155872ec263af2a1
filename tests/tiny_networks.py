"""Networks as published ones are stored, but tiny and of random weights: same code, no meaning."""

from pathlib import Path

import torch
from transformers import (
    CLIPConfig,
    CLIPImageProcessorPil,
    CLIPModel,
    CLIPTokenizer,
    SiglipConfig,
    SiglipImageProcessorPil,
    SiglipModel,
)

START, END = "<|startoftext|>", "<|endoftext|>"
LETTERS = "abcdefghijklmnopqrstuvwxyz"
VOCABULARY = {text: code for code, text in enumerate([START, END, *LETTERS, *(f"{each}</w>" for each in LETTERS)])}
SIDE = 32


def write_clip(folder: Path) -> None:
    """A CLIP that cuts texts at 16 tokens, takes pictures of 32 pixels and makes vectors of width 24."""
    small = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 2}
    text = small | {
        "vocab_size": len(VOCABULARY),
        "max_position_embeddings": 16,
        "bos_token_id": VOCABULARY[START],
        "eos_token_id": VOCABULARY[END],
        "pad_token_id": VOCABULARY[END],
    }
    vision = small | {"image_size": SIDE, "patch_size": 8}
    config = CLIPConfig(text_config=text, vision_config=vision, projection_dim=24)
    with torch.random.fork_rng():
        torch.manual_seed(0)
        CLIPModel(config).save_pretrained(folder)
    size = {"height": SIDE, "width": SIDE}
    CLIPImageProcessorPil(size={"shortest_edge": SIDE}, crop_size=size).save_pretrained(folder)
    _tokenizer().save_pretrained(folder)


def write_siglip(folder: Path) -> None:
    """A SigLIP that fills texts up to 16 tokens, takes pictures of 32 pixels and makes vectors of width 16."""
    small = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2}
    text = small | {"vocab_size": len(VOCABULARY), "max_position_embeddings": 16, "projection_size": 16}
    config = SiglipConfig(text_config=text, vision_config=small | {"image_size": SIDE, "patch_size": 8})
    with torch.random.fork_rng():
        torch.manual_seed(0)
        SiglipModel(config).save_pretrained(folder)
    _tokenizer().save_pretrained(folder)
    SiglipImageProcessorPil(size={"height": SIDE, "width": SIDE}).save_pretrained(folder)


def _tokenizer() -> CLIPTokenizer:
    return CLIPTokenizer(vocab=VOCABULARY, merges=[], model_max_length=16)
