import json
import shutil

import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import BertConfig, BertModel

from winnow.features.encoders.clip import load_clip
from winnow.schema.errors import EncoderError


def test_the_name_is_that_of_the_folder_and_its_content(clip_folder):
    clip = load_clip(str(clip_folder))
    assert clip.name.startswith("tiny-clip ")
    assert not clip.model.training
    assert load_clip(str(clip_folder)).name == clip.name


def test_weights_that_are_not_whole_are_not_filled_up_with_random_ones(clip_folder, tmp_path):
    torn = tmp_path / "torn"
    shutil.copytree(clip_folder, torn)
    weights = load_file(torn / "model.safetensors")
    del weights["visual_projection.weight"]
    save_file(weights, torn / "model.safetensors", {"format": "pt"})
    with pytest.raises(EncoderError, match=r"not whole: 1 are missing .* such as visual_projection\.weight"):
        load_clip(str(torn))


def test_weights_of_another_shape_are_refused(clip_folder, tmp_path):
    other = tmp_path / "other"
    shutil.copytree(clip_folder, other)
    config = json.loads((other / "config.json").read_text())
    (other / "config.json").write_text(json.dumps(config | {"projection_dim": 8}))
    with pytest.raises(EncoderError, match=f"'{other}'"):
        load_clip(str(other))


def test_another_network_is_refused(tmp_path):
    small = {"hidden_size": 8, "intermediate_size": 8, "num_hidden_layers": 1, "num_attention_heads": 1}
    with torch.random.fork_rng():
        BertModel(BertConfig(vocab_size=8, **small)).save_pretrained(tmp_path / "bert")
    with pytest.raises(EncoderError, match="is a BertModel; a CLIP or SigLIP model is wanted"):
        load_clip(str(tmp_path / "bert"))


def test_an_empty_folder_is_refused(tmp_path):
    with pytest.raises(EncoderError, match=f"No CLIP or SigLIP model could be loaded in the folder '{tmp_path}'"):
        load_clip(str(tmp_path))


def test_an_id_that_is_not_here_is_refused_in_one_sentence_that_names_it():
    with pytest.raises(EncoderError, match=r"under the id 'nobody/no-such-clip'.*name its folder") as raised:
        load_clip("nobody/no-such-clip")
    assert "\n" not in str(raised.value)
