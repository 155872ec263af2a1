"""What a training keeps on disk beside its bundle."""

from dataclasses import dataclass
from pathlib import Path

from winnow.ops.writable_file import check_writable
from winnow.training.checkpoint import read_checkpoint

VECTORS_FILE = "vectors.arrow"
CHECKPOINT_FILE = "retrieval.safetensors"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainFiles:
    """Where they are.

    Attributes:
        vectors: file of the encoders' vectors, which spares the next training what this one encoded; `vectors.arrow`
            beside the bundle by default.
        checkpoint_folder: keeps where training stands, so that the same training goes on there when it was cut; emptied
            once the bundle is written. None keeps nothing.
    """

    vectors: Path | None = None
    checkpoint_folder: Path | None = None

    @property
    def checkpoint(self) -> Path | None:
        """The file in the folder."""
        return None if self.checkpoint_folder is None else self.checkpoint_folder / CHECKPOINT_FILE

    def vectors_beside(self, bundle: Path) -> Path:
        """The file of vectors of a training that writes this bundle."""
        return self.vectors or bundle.parent / VECTORS_FILE

    def check(self) -> None:
        """Looks, before long work, whether the checkpoint can be read and written.

        Raises:
            CheckpointError: there is a damaged one.
            OSError: its folder cannot be written to.
        """
        if self.checkpoint is not None:
            if self.checkpoint.exists():
                read_checkpoint(self.checkpoint)
            check_writable(self.checkpoint)

    def forget_checkpoint(self) -> None:
        """A training that has ended needs none."""
        if self.checkpoint is not None:
            self.checkpoint.unlink(missing_ok=True)


BY_DEFAULT = TrainFiles()
