"""A vector for each user who has one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from winnow.schema.column import Array
from winnow.stores.named_arrays import load_named_arrays, save_named_arrays

FILE_NAME = "user_vectors.npz"


@dataclass(frozen=True, slots=True, kw_only=True)
class UserVectors:
    """Vectors by user; those who have none have the zero vector.

    Attributes:
        user_ids: U unique outside names.
        vectors: float32 [U, F].

    Raises:
        ValueError: names repeat, or there is not a vector for each.
    """

    user_ids: Sequence[str]
    vectors: Array
    rows: Mapping[str, int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "rows", {user_id: row for row, user_id in enumerate(self.user_ids)})
        if not len(self.rows) == len(self.user_ids) == len(self.vectors):
            raise ValueError(
                f"{len(self.user_ids)} user ids, of which {len(self.rows)} differ, have {len(self.vectors)} vectors; "
                "each user has one."
            )

    def read(self, user_ids: Sequence[str]) -> Array:
        """float32 [B, F]."""
        rows = np.array([self.rows.get(user_id, -1) for user_id in user_ids], np.int64)
        if not self.rows:
            return np.zeros((len(rows), self.vectors.shape[1]), np.float32)
        found = self.vectors.take(rows, axis=0, mode="clip")
        found[rows < 0] = 0
        return found

    def save(self, folder: Path) -> None:
        """Writes into an existing folder."""
        save_named_arrays(folder / FILE_NAME, self.user_ids, {"vectors": self.vectors})

    @staticmethod
    def load(folder: Path) -> "UserVectors":
        """Reads what `save` wrote."""
        user_ids, arrays = load_named_arrays(folder / FILE_NAME)
        return UserVectors(user_ids=user_ids, **arrays)
