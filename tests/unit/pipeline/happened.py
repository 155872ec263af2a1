"""What visitors did, as a service would be told of it."""

from collections.abc import Sequence

from winnow.stores.counted_types import counted_types
from winnow.stores.event import Event
from winnow.stores.memory_state import MemoryState
from winnow.stores.state_config import StateConfig

NOW = 10_000.0
Happened = tuple[str, str, str, float]
"""Who, what, how and how many seconds before NOW."""


def live(events: Sequence[Happened]) -> MemoryState:
    """A store that was told of all of them, in order."""
    store = MemoryState(StateConfig(length=100, counted=counted_types([])))
    store.append(
        [
            Event(event_id=str(number), user_id=user, item_id=item, type=type_, at=NOW - ago)
            for number, (user, item, type_, ago) in enumerate(events)
        ]
    )
    return store
