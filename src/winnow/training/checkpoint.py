"""Where a long training stands, in a file: from there it goes on as if it had never been cut."""

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from winnow.schema.errors import CheckpointError

NOTES, DIGEST = "winnow", "sha256"
"""Keys of the file's metadata: JSON notes, and the SHA-256 of notes and tensors."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """One safetensors file of tensors and notes, there whole or not at all.

    Attributes:
        file: made by the first `save`, with its folder.
        job: digest of all that the training depends on; that of another job is refused.
    """

    file: Path
    job: str

    def save(self, tensors: Mapping[str, Tensor], notes: Mapping[str, Any]) -> None:
        """Takes the place of what was kept before.

        Args:
            tensors: of any shapes and dtypes.
            notes: what JSON can hold.

        Raises:
            OSError: the file cannot be written; its `filename` says which.
        """
        held = {name: tensor.detach().contiguous() for name, tensor in tensors.items()}
        text = json.dumps({"job": self.job, **notes}, sort_keys=True)
        self.file.parent.mkdir(parents=True, exist_ok=True)
        partial = self.file.with_name(f".{self.file.name}.partial")
        partial.open("wb").close()  # an OSError that names the file, which safetensors does not raise
        save_file(held, partial, metadata={NOTES: text, DIGEST: _digest(text, held)})
        with partial.open("rb") as written:
            os.fsync(written.fileno())
        partial.replace(self.file)

    def load(self) -> tuple[dict[str, Tensor], dict[str, Any]] | None:
        """Tensors and notes as they were saved; None where nothing was.

        Raises:
            CheckpointError: the file is damaged, is no checkpoint, or is one of another job.
        """
        if not self.file.exists():
            return None
        tensors, notes = read_checkpoint(self.file)
        if notes.pop("job", None) != self.job:
            raise CheckpointError(
                f"The checkpoint {self.file} is of another training: its data, its recipe or its seed are not these. "
                "Name another folder, or delete the file to begin anew."
            )
        return tensors, notes


def read_checkpoint(file: Path) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Tensors and notes of a checkpoint of any job.

    Raises:
        CheckpointError: the file is damaged or is no checkpoint.
    """
    try:
        with safe_open(file, "pt") as opened:
            metadata = opened.metadata() or {}
            # Clones: the file is mapped into memory, and the next `save` takes it away.
            tensors = {name: opened.get_tensor(name).clone() for name in opened.keys()}  # noqa: SIM118 - no mapping
    except (SafetensorError, OSError) as error:
        raise _damaged(file, str(error)) from error
    text = metadata.get(NOTES, "")
    if metadata.get(DIGEST) != _digest(text, tensors):
        raise _damaged(file, "its contents are not those that were written")
    return tensors, json.loads(text)


def _damaged(file: Path, what: str) -> CheckpointError:
    return CheckpointError(
        f"The checkpoint {file} is damaged, or something else than a checkpoint ({what}). Delete it to begin anew, or "
        "name another folder."
    )


def _digest(text: str, tensors: Mapping[str, Tensor]) -> str:
    told = hashlib.sha256(text.encode())
    for name, tensor in sorted(tensors.items()):
        told.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}".encode())
        told.update(tensor.reshape(-1).view(torch.uint8).numpy().tobytes() if tensor.numel() else b"")
    return told.hexdigest()
