"""A file that training goes on from: whole or not at all, and never that of another job."""

from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from winnow.schema.errors import CheckpointError
from winnow.training.checkpoint import Checkpoint, read_checkpoint

TENSORS = {
    "weight/a": torch.tensor([[0.1, float("nan")], [-0.0, float("inf")]]),
    "step": torch.tensor(7.0),
    "random": torch.arange(5, dtype=torch.uint8),
    "nothing": torch.empty(0, 3),
}
NOTES = {"epochs": 2, "loss": 0.1 + 0.2, "generator": {"state": 2**127 + 1}}


def checkpoint(folder: Path, job: str = "mine") -> Checkpoint:
    return Checkpoint(file=folder / "kept" / "it.safetensors", job=job)


def test_what_is_loaded_is_what_was_saved_to_the_last_bit(tmp_path: Path):
    kept = checkpoint(tmp_path)
    kept.save(TENSORS, NOTES)
    tensors, notes = kept.load() or ({}, {})
    assert notes == NOTES
    assert tensors.keys() == TENSORS.keys()
    for name, tensor in TENSORS.items():
        assert tensors[name].dtype == tensor.dtype
        assert tensors[name].numpy().tobytes() == tensor.numpy().tobytes()


def test_nothing_kept_is_nothing_loaded(tmp_path: Path):
    assert checkpoint(tmp_path).load() is None


def test_the_next_one_takes_the_place_of_the_last_and_leaves_nothing_beside_it(tmp_path: Path):
    kept = checkpoint(tmp_path)
    kept.save(TENSORS, NOTES)
    before, _ = kept.load() or ({}, {})
    kept.save({"weight/a": torch.zeros(1)}, {"epochs": 3})
    assert kept.load() == ({"weight/a": torch.zeros(1)}, {"epochs": 3})
    assert [each.name for each in kept.file.parent.iterdir()] == ["it.safetensors"]
    assert before["step"] == 7, "what was loaded lives on when its file is gone"


def test_a_save_that_is_cut_leaves_the_last_one_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    kept = checkpoint(tmp_path)
    kept.save(TENSORS, NOTES)

    def cut(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("winnow.training.checkpoint.os.fsync", cut)
    with pytest.raises(KeyboardInterrupt):
        kept.save({"weight/a": torch.zeros(1)}, {"epochs": 3})
    monkeypatch.undo()
    assert (kept.load() or ({}, {}))[1] == NOTES
    kept.save(TENSORS, {"epochs": 4})
    assert (kept.load() or ({}, {}))[1] == {"epochs": 4}


def test_one_of_another_job_is_refused(tmp_path: Path):
    checkpoint(tmp_path, "theirs").save(TENSORS, NOTES)
    with pytest.raises(CheckpointError, match=r"it\.safetensors is of another training: its data, its recipe or"):
        checkpoint(tmp_path, "mine").load()


@pytest.mark.parametrize("place", [0, 9, 200, -400, -1])
def test_a_single_changed_byte_is_found(tmp_path: Path, place: int):
    kept = checkpoint(tmp_path)
    kept.save({**TENSORS, "large": torch.randn(1000)}, NOTES)
    content = bytearray(kept.file.read_bytes())
    content[place] ^= 1
    kept.file.write_bytes(content)
    with pytest.raises(CheckpointError, match="damaged"):
        kept.load()


@pytest.mark.parametrize("size", [0, 5, 100, 400])
def test_a_file_that_ends_early_is_damaged(tmp_path: Path, size: int):
    kept = checkpoint(tmp_path)
    kept.save(TENSORS, NOTES)
    kept.file.write_bytes(kept.file.read_bytes()[:size])
    with pytest.raises(CheckpointError, match="Delete it to begin anew, or name another folder"):
        kept.load()


@pytest.mark.parametrize("metadata", [None, {"winnow": "{}"}, {"winnow": "no JSON", "sha256": "0"}])
def test_tensors_of_others_are_no_checkpoint(tmp_path: Path, metadata: dict[str, str] | None):
    file = tmp_path / "theirs.safetensors"
    save_file({"a": torch.zeros(2)}, file, metadata)
    with pytest.raises(CheckpointError, match="something else than a checkpoint"):
        read_checkpoint(file)


def test_a_folder_is_no_checkpoint(tmp_path: Path):
    with pytest.raises(CheckpointError, match="something else than a checkpoint"):
        read_checkpoint(tmp_path)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path):
    (tmp_path / "kept").write_text("a file")
    with pytest.raises(OSError, match="kept") as caught:
        checkpoint(tmp_path).save(TENSORS, NOTES)
    assert caught.value.filename is not None
