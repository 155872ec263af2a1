"""Users who were active for a week, on a server of their own."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.refused import RefusedError
from benchmarks.valkey_server import ValkeyServer, found_program, running
from winnow.stores.counted_types import counted_types
from winnow.stores.event import Event
from winnow.stores.seen_layout import SeenConfig
from winnow.stores.state_config import StateConfig
from winnow.stores.state_store import StateStore
from winnow.stores.valkey_client import ValkeyClient
from winnow.stores.valkey_state import ValkeyState

SEEN = SeenConfig()
CONFIG = StateConfig(length=50, seen=SEEN, counted=counted_types(["view"]))
DAY_S = 86_400.0
NOW = time.time()
PATIENT_S = 10.0


def clock() -> float:
    """UTC seconds that stand still: past midnight, a day of what was seen would be gone."""
    return NOW


@dataclass(frozen=True, slots=True, kw_only=True)
class StateUsers:
    """A store, and the server that it is on.

    Attributes:
        client: of the server.
        state: keeps the last events of each type, and views of 7 days as seen.
        config: what it was asked to keep.
    """

    client: ValkeyClient
    state: StateStore
    config: StateConfig = CONFIG

    def ping(self) -> None:
        """The least that a round trip takes, in the same client."""
        self.client.send([("PING",)])

    def fill(self, user_id: str, views_a_day: int) -> None:
        """Lets a user view some items on each of the last days."""
        for day in range(SEEN.days):
            end = NOW - day * DAY_S
            self.state.append([self.view(user_id, f"{day} {n}", end - n / 1000) for n in range(views_a_day)])

    def view(self, user_id: str, name: str, at: float) -> Event:
        """A view of an item that nobody else saw."""
        item_id = f"item {name} of {user_id}"
        return Event(event_id=f"view {name} of {user_id}", user_id=user_id, item_id=item_id, type="view", at=at)


@contextmanager
def state_server(cache: Path, **options: str) -> Iterator[ValkeyServer]:
    """A server that is set up so and writes below a folder, until the end of the block.

    Raises:
        RefusedError: no server is installed.
    """
    program = found_program()
    if program is None:
        raise RefusedError("There is neither valkey-server nor redis-server to measure; `make server` installs one.")
    cache.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=cache) as folder, running(ValkeyServer(program, Path(folder), **options)) as server:
        yield server


@contextmanager
def state_users(cache: Path, config: StateConfig = CONFIG, **options: str) -> Iterator[StateUsers]:
    """Nobody yet, on a server as `state_server` has it. Raises as that does."""
    with state_server(cache, **options) as server:
        client = ValkeyClient(server.url, connect_timeout_s=PATIENT_S, read_timeout_s=PATIENT_S)
        yield StateUsers(client=client, state=ValkeyState(client, config, clock), config=config)
        client.close()
