"""What a MemoryState holds at an instant, on its way to the disk and back."""

import zlib
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from winnow.schema.column import Array, offsets_of
from winnow.schema.errors import DataError
from winnow.stores.live_user import LiveUser
from winnow.stores.named_arrays import load_named_arrays, save_named_arrays
from winnow.stores.seen_bitmaps import SeenBitmaps

FORMAT = 1
CARD, USERS, IDS = "card.npz", "users-{:05d}.npz", "ids-{:05d}.npz"
USERS_A_FILE, IDS_A_FILE = 5_000, 50_000
DAMAGED = (OSError, EOFError, BadZipFile, ValueError, TypeError, KeyError, IndexError, RuntimeError, zlib.error)
"""What reading a file raises that is not as it was written; its pieces carry checksums."""

Counted = Mapping[tuple[int, int], tuple[float, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class MemorySnapshot:
    """All of a state, to be written while the state goes on.

    Attributes:
        users: by name; nobody writes to them any more.
        first_day: users who were active last before this UTC day, since 1970, are left out.
        forgotten: names of who was forgotten.
        arrived: event ids and when they came, UTC seconds, in the order in which they came.
        counts: as `DecayedCounts.frozen` gave them.
        length: of the StateConfig.
        seen_rule: what the bitmaps depend on; under another rule they mean nothing.
    """

    users: Mapping[str, LiveUser]
    first_day: int
    forgotten: Sequence[str]
    arrived: Iterable[tuple[str, float]]
    counts: Counted
    length: int
    seen_rule: Sequence[float]

    def save(self, folder: Path) -> None:
        """Writes a new folder."""
        folder.mkdir()
        num_users, num_ids = self._save_users(folder), self._save_ids(folder)
        card = {
            "format": np.array([FORMAT, num_users, num_ids, self.first_day, self.length]),
            "seen_rule": np.array(self.seen_rule, np.float64),
            "counted": np.array(list(self.counts), np.uint64).reshape(-1, 2),
            "weights": np.array(list(self.counts.values()), np.float64).reshape(-1, 2),
        }
        save_named_arrays(folder / CARD, self.forgotten, card)

    @staticmethod
    def load(folder: Path, nothing_seen: SeenBitmaps) -> "MemorySnapshot":
        """Reads what `save` wrote.

        Args:
            folder: that was written.
            nothing_seen: whose levels the bitmaps have, if the rule is the same.

        Raises:
            DataError: it is damaged, or of another program.
        """
        try:
            forgotten, card = load_named_arrays(folder / CARD)
            version, *numbers = card["format"].tolist()
            if version != FORMAT:
                raise DataError(
                    f"The snapshot {folder} has the format {version}, and this program reads format {FORMAT}. Start "
                    "the program that wrote it, or a newer one."
                )
            num_users, num_ids, first_day, length = numbers
            return MemorySnapshot(
                users=dict(_users(folder, num_users, nothing_seen)),
                first_day=first_day,
                forgotten=forgotten,
                arrived=list(_ids(folder, num_ids)),
                counts=_counts(card),
                length=length,
                seen_rule=tuple(card["seen_rule"].tolist()),
            )
        except DAMAGED as error:
            raise DataError(
                f"The snapshot {folder} is damaged ({error}). Restore it from a copy; or move it out of its folder, "
                "and the state begins with what the segments beside it tell, up to 30 days of events."
            ) from error

    def _save_users(self, folder: Path) -> int:
        """Returns how many files that are."""
        users = (each for each in self.users.items() if each[1].day >= self.first_day)
        number = 0
        while some := list(islice(users, USERS_A_FILE)):
            save_named_arrays(folder / USERS.format(number), [name for name, _ in some], _columns(some))
            number += 1
        return number

    def _save_ids(self, folder: Path) -> int:
        """Returns how many files that are."""
        came, number = iter(self.arrived), 0
        while some := list(islice(came, IDS_A_FILE)):
            at = np.array([each for _, each in some], np.float64)
            save_named_arrays(folder / IDS.format(number), [name for name, _ in some], {"at": at})
            number += 1
        return number


def _counts(card: Mapping[str, Array]) -> Counted:
    keys, weights = card["counted"].tolist(), card["weights"].tolist()
    return {(item, code): (weight, at) for (item, code), (weight, at) in zip(keys, weights, strict=True)}


def _columns(users: Sequence[tuple[str, LiveUser]]) -> dict[str, Array]:
    """Of some users: what each has, one behind the other."""
    each = [user for _, user in users]
    days = [user.seen.by_day() for user in each]
    bits = [day for of_user in days for day in of_user.values()]
    return {
        "user": np.array([(user.day, user.count) for user in each], np.int64),
        "events": offsets_of(np.array([len(user.at) for user in each], np.int64)),
        "item_hashes": _flat([user.item_hashes for user in each], np.uint64),
        "types": _flat([user.types for user in each], np.int8),
        "at": _flat([user.at for user in each], np.float64),
        "days": offsets_of(np.array([len(of_user) for of_user in days], np.int64)),
        "day": np.array([day for of_user in days for day in of_user], np.int64),
        "bytes": offsets_of(np.array([len(day) for day in bits], np.int64)),
        "bits": np.frombuffer(b"".join(bits), np.uint8),
    }


def _flat(columns: Sequence["array[Any]"], dtype: Any) -> Array:
    return np.frombuffer(b"".join(columns), dtype)


def _users(folder: Path, num_files: int, nothing_seen: SeenBitmaps) -> Iterator[tuple[str, LiveUser]]:
    for number in range(num_files):
        names, columns = load_named_arrays(folder / USERS.format(number))
        yield from zip(names, _of_columns(columns, nothing_seen), strict=True)


def _of_columns(columns: Mapping[str, Array], nothing_seen: SeenBitmaps) -> Iterator[LiveUser]:
    events, days, ends, day = (columns[name].tolist() for name in ("events", "days", "bytes", "day"))
    hashes, types, at, bits = (columns[name].tobytes() for name in ("item_hashes", "types", "at", "bits"))
    for row, (last_day, count) in enumerate(columns["user"].tolist()):
        start, end = events[row], events[row + 1]
        kept = {day[place]: bits[ends[place] : ends[place + 1]] for place in range(days[row], days[row + 1])}
        yield LiveUser(
            seen=nothing_seen.with_days(kept),
            day=last_day,
            item_hashes=array("Q", hashes[8 * start : 8 * end]),
            types=array("b", types[start:end]),
            at=array("d", at[8 * start : 8 * end]),
            count=count,
        )


def _ids(folder: Path, num_files: int) -> Iterator[tuple[str, float]]:
    for number in range(num_files):
        ids, columns = load_named_arrays(folder / IDS.format(number))
        yield from zip(ids, columns["at"].tolist(), strict=True)
