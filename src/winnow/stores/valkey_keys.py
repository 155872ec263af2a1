"""Under which keys a Valkey server keeps what is known of a user."""

import hashlib
import struct
from collections.abc import Iterable
from dataclasses import dataclass

from winnow.schema.schema import EventType

TYPES = tuple(EventType)
DEMAND = struct.Struct("<dd")
"""What the events on an item weigh, as `DecayedCounts` weighs them, and as of when, UTC seconds."""
HALF_LIFE = "half_life_s"
"""Field of `counted_key`: the half-life that `demand_key` is counted with, in seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UserKeys:
    """Keys of one user and of the shard that the user is in, all with one hash tag: one script may write them all.

    A user is named by a hash of 128 bits, since an id may hold anything; its last 8 bits are the shard.

    Attributes:
        shard: what all keys begin with, "{sNN}:".
        user: what the user's own keys begin with.
    """

    shard: str
    user: str

    @staticmethod
    def of(user_id: str) -> "UserKeys":
        """Those of an outside name."""
        name = hashlib.blake2b(user_id.encode(), digest_size=16).hexdigest()
        shard = f"{{s{name[-2:]}}}:"
        return UserKeys(shard=shard, user=f"{shard}u:{name}:")

    @property
    def count(self) -> str:
        """Number: how many events the user had; in it, too, events that lost their room."""
        return f"{self.user}count"

    @property
    def forgotten(self) -> str:
        """There if the user asked to be forgotten, and for ever."""
        return f"{self.user}forgotten"

    @property
    def log(self) -> str:
        """Stream: every event of the shard, for the log writer, which alone trims it."""
        return f"{self.shard}log"

    @property
    def moving(self) -> str:
        """Hash: token, target and instant of a merge; there while what it took from the user is on its way."""
        return f"{self.user}moving"

    @property
    def merging(self) -> str:
        """Bitmap: there only while a script of the shard runs."""
        return f"{self.shard}merging"

    def merged(self, token: str) -> str:
        """There if what was taken with a token has come to a user of the shard."""
        return f"{self.shard}merged:{token}"

    def aside(self) -> "UserKeys":
        """Names that take what is on its way from the user to another."""
        return UserKeys(shard=self.shard, user=f"{self.user}aside:")

    def kept(self, days: Iterable[int]) -> list[str]:
        """All that events leave with the user: the count, the sorted sets, and the bitmaps of some days."""
        return [self.count, *self.events(), *self.seen(days)]

    def events(self) -> list[str]:
        """Sorted sets by time of the last events, one for each event type in order."""
        return [f"{self.user}events:{each}" for each in TYPES]

    def seen(self, days: Iterable[int]) -> list[str]:
        """Bitmaps of UTC days since 1970; see `seen_levels`."""
        return [f"{self.user}seen:{day}" for day in days]

    def ids(self, days: Iterable[int]) -> list[str]:
        """Sets of the event ids, hashed, that arrived in the shard on UTC days since 1970."""
        return [f"{self.shard}ids:{day}" for day in days]


def demand_key(event_type: str) -> str:
    """Hash of what the events of a type weigh: `DEMAND` by stable item hash, 8 bytes, the lowest first."""
    return f"demand:{event_type}"


def counted_key(event_type: str) -> str:
    """Hash by shard of the last entry of the log that `demand_key` counts, and HALF_LIFE.

    Both keys are in one slot of a cluster.
    """
    return f"{{{demand_key(event_type)}}}:counted"


def log_shards() -> list[str]:
    """The names of all shards, as `UserKeys` gives them."""
    return [f"s{number:02x}" for number in range(256)]


def log_key(shard: str) -> str:
    """The stream of a shard, see `UserKeys.log`."""
    return f"{{{shard}}}:log"
