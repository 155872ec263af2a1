"""Where a training keeps its files, and what is looked at before it begins."""

from pathlib import Path

import pytest
import torch

from winnow.ops.train_files import BY_DEFAULT, TrainFiles
from winnow.schema.errors import CheckpointError
from winnow.training.checkpoint import Checkpoint


def test_by_default_vectors_stand_beside_the_bundle_and_no_checkpoint_is_kept(tmp_path: Path):
    assert BY_DEFAULT.vectors_beside(tmp_path / "bundle") == tmp_path / "vectors.arrow"
    assert BY_DEFAULT.checkpoint is None
    BY_DEFAULT.check()
    BY_DEFAULT.forget_checkpoint()
    assert TrainFiles(vectors=tmp_path / "mine").vectors_beside(tmp_path / "bundle") == tmp_path / "mine"


def test_the_folder_of_checkpoints_is_made_and_left_empty(tmp_path: Path):
    files = TrainFiles(checkpoint_folder=tmp_path / "deep" / "kept")
    files.check()
    files.forget_checkpoint()
    assert list((tmp_path / "deep" / "kept").iterdir()) == []


def test_a_checkpoint_that_is_whole_passes_and_is_forgotten_at_the_end(tmp_path: Path):
    files = TrainFiles(checkpoint_folder=tmp_path)
    assert files.checkpoint is not None
    Checkpoint(file=files.checkpoint, job="any").save({"a": torch.zeros(1)}, {})
    before = files.checkpoint.read_bytes()
    files.check()
    assert files.checkpoint.read_bytes() == before
    files.forget_checkpoint()
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_checkpoint_and_a_folder_that_is_a_file_are_told(tmp_path: Path):
    (tmp_path / "retrieval.safetensors").write_bytes(b"?")
    with pytest.raises(CheckpointError, match="Delete it to begin anew"):
        TrainFiles(checkpoint_folder=tmp_path).check()
    with pytest.raises(OSError, match="retrieval") as caught:
        TrainFiles(checkpoint_folder=tmp_path / "retrieval.safetensors").check()
    assert caught.value.filename is not None
