"""User features in memory."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from winnow.schema.column import Array
from winnow.stores.named_arrays import load_named_arrays, save_named_arrays

FILE_NAME = "users.npz"


@dataclass(frozen=True, slots=True, kw_only=True)
class UserTable:
    """Model arrays by user; the row after the last user is that of everybody unknown.

    Attributes:
        user_ids: U unique outside names.
        codes: int32 [U + 1, Fc].
        values: float32 [U + 1, Fv].

    Raises:
        ValueError: names repeat, or the arrays do not have U + 1 rows.
    """

    user_ids: Sequence[str]
    codes: Array
    values: Array
    rows: Mapping[str, int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "rows", {user_id: row for row, user_id in enumerate(self.user_ids)})
        num_users = len(self.user_ids)
        if len(self.rows) != num_users:
            raise ValueError(f"{num_users - len(self.rows)} of {num_users} user ids repeat an earlier one.")
        if not len(self.codes) == len(self.values) == num_users + 1:
            raise ValueError(
                f"{num_users} users and the unknown one need {num_users + 1} rows; there are {len(self.codes)} rows "
                f"of codes and {len(self.values)} of values."
            )

    def read(self, user_ids: Sequence[str], within_s: float = math.inf) -> tuple[Array, Array]:
        unknown = len(self.user_ids)
        rows = [self.rows.get(user_id, unknown) for user_id in user_ids]
        return self.codes[rows], self.values[rows]

    def save(self, folder: Path) -> None:
        """Write `users.npz` into an existing folder."""
        save_named_arrays(folder / FILE_NAME, self.user_ids, {"codes": self.codes, "values": self.values})

    @staticmethod
    def load(folder: Path) -> "UserTable":
        """Read what `save` wrote."""
        user_ids, arrays = load_named_arrays(folder / FILE_NAME)
        return UserTable(user_ids=user_ids, **arrays)
