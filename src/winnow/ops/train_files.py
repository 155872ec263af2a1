"""What a training keeps on disk beside its bundle."""

from dataclasses import dataclass
from pathlib import Path

from winnow.ops.writable_file import check_writable
from winnow.training.checkpoint import read_checkpoint

VECTORS_FILE = "vectors.arrow"
STAGES = ("earlier", "retrieval")
"""The two trainings of a retrieval: on the earlier part, for the ranker to learn beside, and on everything."""


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

    def checkpoint(self, stage: str) -> Path | None:
        """The file of a stage in the folder."""
        return None if self.checkpoint_folder is None else self.checkpoint_folder / f"{stage}.safetensors"

    def vectors_beside(self, bundle: Path) -> Path:
        """The file of vectors of a training that writes this bundle."""
        return self.vectors or bundle.parent / VECTORS_FILE

    def check(self) -> None:
        """Looks, before long work, whether checkpoints can be read and written.

        Raises:
            CheckpointError: there is a damaged one.
            OSError: their folder cannot be written to.
        """
        for file in self._checkpoints():
            if file.exists():
                read_checkpoint(file)
            check_writable(file)

    def forget_checkpoints(self) -> None:
        """A training that has ended needs none."""
        for file in self._checkpoints():
            file.unlink(missing_ok=True)

    def _checkpoints(self) -> list[Path]:
        return [file for stage in STAGES if (file := self.checkpoint(stage)) is not None]


BY_DEFAULT = TrainFiles()
