"""The state of a service, opened to be looked at."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from winnow.engine.state_home import StateHome
from winnow.schema.errors import SettingsError
from winnow.serving.event_log.event_folder import MARK
from winnow.serving.process.run_worker import PATIENT_S, POSITION_FILE, events_folder
from winnow.serving.settings.settings import Settings
from winnow.stores.journal_log import JournalLog
from winnow.stores.state_config import StateConfig
from winnow.stores.state_store import StateStore


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditedState:
    """A store, and what has not come from there to the event log yet.

    Attributes:
        open: the store.
        waiting: names of all of whom something is still on its way to the log. Raises Unavailable.
    """

    open: Callable[[StateConfig], StateStore]
    waiting: Callable[[], set[str]]


@contextmanager
def audited_state(settings: Settings) -> Generator[AuditedState]:
    """Where the settings say that it is.

    Raises:
        SettingsError: they do not say, or a service is using the folder.
    """
    if settings.valkey_url:
        # An extra: whoever keeps the state embedded needs no client.
        from winnow.stores.valkey_client import ValkeyClient  # noqa: PLC0415
        from winnow.stores.valkey_state import ValkeyState  # noqa: PLC0415
        from winnow.stores.valkey_waiting import waiting_names  # noqa: PLC0415

        client = ValkeyClient(settings.valkey_url, connect_timeout_s=PATIENT_S, read_timeout_s=PATIENT_S)
        try:
            yield AuditedState(open=partial(ValkeyState, client), waiting=lambda: waiting_names(client))
        finally:
            client.close()
    elif settings.state is not None:
        with StateHome(folder=settings.state) as home:
            waiting = partial(_waiting, settings.state, events_folder(settings))
            yield AuditedState(open=home.open, waiting=waiting)
    else:
        raise SettingsError(
            "Nobody says where the state is; give the server of the services (WINNOW_VALKEY_URL) or, without one, the "
            "state folder (WINNOW_STATE) of a service that does not run."
        )


def _waiting(state: Path, log: Path) -> set[str]:
    """Names in what the worker of an event log has not written yet."""
    journal, found = JournalLog(journal=state, settled=log / POSITION_FILE, reader=(log / MARK).read_text()), set[str]()
    while entries := journal.read():
        told = (entry.told.get(field, "") for entry in entries for field in ("user_id", "source", "target"))
        found.update(name for name in told if name)
    return found
