"""A state with its event log, on a server and in a folder."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.logged_events import client_of, nobody
from tests.valkey_server import valkey_server
from winnow.engine.open_engine import open_engine
from winnow.engine.state_home import StateHome
from winnow.ops.seen_audit.audit_seen import audit_seen
from winnow.ops.seen_audit.audited_state import audited_state
from winnow.ops.seen_audit.seen_audit import SeenAudit
from winnow.serving.event_log.event_folder import EventFolder
from winnow.serving.event_log.event_worker import EventWorker
from winnow.serving.process.run_worker import POSITION_FILE
from winnow.serving.settings.settings import Settings
from winnow.stores.event_source import EventSource
from winnow.stores.journal_log import JournalLog
from winnow.stores.state_store import StateStore
from winnow.stores.valkey_client import ValkeyClient
from winnow.stores.valkey_log import ValkeyLog
from winnow.stores.valkey_state import ValkeyState


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where state and log are.

    Attributes:
        settings: of it, as commands read them.
        environment: the same, as variables.
        opened: a store over a bundle, for a service that ends with the block.
        source: of the log, by the folder that it is written to.
        client: of the server, where there is one.
    """

    settings: Settings
    environment: dict[str, str]
    opened: Callable[[Path], AbstractContextManager[StateStore]]
    source: Callable[[EventFolder], EventSource]
    client: ValkeyClient | None = None

    @property
    def log(self) -> Path:
        assert self.settings.events is not None
        return self.settings.events

    def write(self) -> int:
        with EventFolder.opened(self.log, nobody) as log:
            return EventWorker(source=self.source(log), folder=log).run_once()

    def audit(self, bundle: Path, pairs: int = 100_000) -> SeenAudit:
        with audited_state(self.settings) as state:
            return audit_seen(bundle, state, self.log, pairs=pairs)


@contextmanager
def on_server(tmp_path: Path) -> Iterator[Place]:
    (tmp_path / "server").mkdir()
    with valkey_server(tmp_path / "server") as server:
        client, log = client_of(server), tmp_path / "log"

        @contextmanager
        def opened(bundle: Path) -> Iterator[StateStore]:
            yield open_engine(bundle, partial(ValkeyState, client)).state

        yield Place(
            settings=Settings(valkey_url=server.url, events=log),
            environment={"WINNOW_VALKEY_URL": server.url, "WINNOW_STATE": "", "WINNOW_EVENTS": str(log)},
            opened=opened,
            source=lambda folder: ValkeyLog(client=client, owner=folder.name),
            client=client,
        )
        client.close()


@contextmanager
def in_folder(tmp_path: Path) -> Iterator[Place]:
    state, log = tmp_path / "state", tmp_path / "log"

    @contextmanager
    def opened(bundle: Path) -> Iterator[StateStore]:
        with StateHome(folder=state) as home:
            yield open_engine(bundle, home.open).state

    yield Place(
        settings=Settings(state=state, events=log),
        environment={"WINNOW_VALKEY_URL": "", "WINNOW_STATE": str(state), "WINNOW_EVENTS": str(log)},
        opened=opened,
        source=lambda folder: JournalLog(journal=state, settled=log / POSITION_FILE, reader=folder.name),
    )
