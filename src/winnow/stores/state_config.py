"""What a bundle asks of a store."""

from dataclasses import dataclass, field

from winnow.schema.column import Bools
from winnow.stores.seen_layout import SeenConfig

HALF_LIFE_S = 7 * 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class StateConfig:
    """How much of what users do is kept.

    Attributes:
        length: last events of each user and type that are known one by one, at least 1. As of now, the last `length`
            events of any set of types are therefore exact; as of an earlier instant, some may have made room.
        counted: bool [number of event types], which types count as having seen.
        seen: how much is remembered of what was seen.
        half_life_s: after which an event weighs half in `demand`.
    """

    length: int
    counted: Bools
    seen: SeenConfig = field(default_factory=SeenConfig)
    half_life_s: float = HALF_LIFE_S

    def has_room_for(self, other: "StateConfig") -> bool:
        """Whether a store that was opened for this keeps all that another bundle asks for, and counts as it does."""
        return (
            self.length >= other.length
            and self.counted.tolist() == other.counted.tolist()
            and self.seen == other.seen
            and self.half_life_s == other.half_life_s
        )
