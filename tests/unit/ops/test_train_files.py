"""Where a training keeps its files, and what is looked at before it begins."""

from pathlib import Path

import pytest
import torch

from winnow.ops.train_files import BY_DEFAULT, STAGES, TrainFiles
from winnow.schema.errors import CheckpointError
from winnow.training.checkpoint import Checkpoint


def test_by_default_vectors_stand_beside_the_bundle_and_no_checkpoint_is_kept(tmp_path: Path):
    assert BY_DEFAULT.vectors_beside(tmp_path / "bundle") == tmp_path / "vectors.arrow"
    assert [BY_DEFAULT.checkpoint(stage) for stage in STAGES] == [None, None]
    BY_DEFAULT.check()
    BY_DEFAULT.forget_checkpoints()
    assert TrainFiles(vectors=tmp_path / "mine").vectors_beside(tmp_path / "bundle") == tmp_path / "mine"


def test_the_folder_of_checkpoints_is_made_and_left_empty(tmp_path: Path):
    files = TrainFiles(checkpoint_folder=tmp_path / "deep" / "kept")
    files.check()
    files.forget_checkpoints()
    assert list((tmp_path / "deep" / "kept").iterdir()) == []


def test_checkpoints_that_are_whole_pass_and_are_forgotten_at_the_end(tmp_path: Path):
    files = TrainFiles(checkpoint_folder=tmp_path)
    kept = [file for stage in STAGES if (file := files.checkpoint(stage)) is not None]
    assert len(set(kept)) == len(STAGES)
    for file in kept:
        Checkpoint(file=file, job="any").save({"a": torch.zeros(1)}, {})
    before = [file.read_bytes() for file in kept]
    files.check()
    assert [file.read_bytes() for file in kept] == before
    files.forget_checkpoints()
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_checkpoint_and_a_folder_that_is_a_file_are_told(tmp_path: Path):
    (tmp_path / "retrieval.safetensors").write_bytes(b"?")
    with pytest.raises(CheckpointError, match="Delete it to begin anew"):
        TrainFiles(checkpoint_folder=tmp_path).check()
    with pytest.raises(OSError, match="retrieval") as caught:
        TrainFiles(checkpoint_folder=tmp_path / "retrieval.safetensors").check()
    assert caught.value.filename is not None
