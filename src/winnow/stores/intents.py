"""What users come for: of which kinds the things are that their visits are about."""

from dataclasses import dataclass
from pathlib import Path

from winnow.schema.column import Array
from winnow.stores.named_arrays import load_named_arrays, save_named_arrays
from winnow.stores.user_vectors import UserVectors

FILE_NAME = "intents.npz"


@dataclass(frozen=True, slots=True, kw_only=True)
class Intents:
    """What is known of users for each kind of things; kinds are the codes of some columns of items.

    Attributes:
        columns: int64 [C], places of these columns among the item codes.
        starts: int64 [C], where the kinds of each begin in a user's vector.
        users: vectors [U, K], the logarithm of how much of the user's visits was about a kind beside how much of
            everybody's was.
    """

    columns: Array
    starts: Array
    users: UserVectors

    @property
    def width(self) -> int:
        """C, the numbers that are known of a candidate."""
        return len(self.columns)

    def kinds(self, codes: Array) -> Array:
        """int64 [N, C], places in a user's vector of the kinds of N items with the codes int32 [N, Fc]."""
        return codes[:, self.columns] + self.starts

    def save(self, folder: Path) -> None:
        """Writes into an existing folder."""
        arrays = {"columns": self.columns, "starts": self.starts, "vectors": self.users.vectors}
        save_named_arrays(folder / FILE_NAME, self.users.user_ids, arrays)

    @staticmethod
    def load(folder: Path) -> "Intents":
        """Reads what `save` wrote."""
        user_ids, arrays = load_named_arrays(folder / FILE_NAME)
        users = UserVectors(user_ids=user_ids, vectors=arrays["vectors"])
        return Intents(columns=arrays["columns"], starts=arrays["starts"], users=users)
