"""The worker as a process."""

import math
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from winnow.schema.errors import SettingsError
from winnow.serving.event_log.event_folder import EventFolder
from winnow.serving.event_log.event_worker import EventWorker
from winnow.serving.event_log.forget_logged import forget_logged
from winnow.serving.event_log.merged_sessions import logged_merges, with_merged
from winnow.serving.meters.log_lines import open_log
from winnow.serving.settings.settings import Settings
from winnow.stores.journal_log import JournalLog
from winnow.stores.state_config import HALF_LIFE_S

PATIENT_S = 10.0
POSITION_FILE = "_journal.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerOptions:
    """How a worker works.

    Attributes:
        flush_s: longest time for which an event waits to be written, above 0.
        half_life_s: after which an event weighs half in demand, above 0.
        once: whether to end when all that is there is written.
        features: bundle whose window features a Feast repository is told of; None where nobody is.
    """

    flush_s: float = 60.0
    half_life_s: float = HALF_LIFE_S
    once: bool = False
    features: Path | None = None


def run_worker(settings: Settings, options: WorkerOptions, announce: Callable[[str], None]) -> None:
    """Writes the event log; without `once`, until the process ends.

    Args:
        settings: where events come from and where they go.
        options: how it works.
        announce: told what it does.

    Raises:
        SettingsError: a place is not given, or cannot be used.
        DataError: what is there is damaged.
        Unavailable: with `once`, the server does not answer, or the disk is full.
    """
    open_log(settings)
    folder = events_folder(settings)
    _check_source(settings, options)
    standing_by = f"Another worker has {folder}; this one stands by."
    with EventFolder.opened(folder, lambda: announce(standing_by)) as log, _worker(settings, options, log) as worker:
        if options.once:
            announce(f"Wrote {worker.run_once():,} entries to {folder}.")
        else:
            announce(f"Writing to {folder}.")
            worker.run()


def forget_in_log(settings: Settings, name: str) -> tuple[int, int]:
    """Removes a visitor from the event log; returns how many rows went, and from how many files.

    Raises:
        SettingsError: there is no log.
        Unavailable, DataError: as in `forget_logged`.
    """
    return forget_logged(events_folder(settings), {name: time.time()})


def forget_in_feast(settings: Settings, name: str) -> tuple[int, int] | None:
    """Removes a visitor from the Feast repository, before the log forgets which sessions were theirs.

    Returns:
        how many rows went online, and how many offline; None where no repository is named.

    Raises:
        SettingsError: there is no log, or the repository cannot be used.
        Unavailable: not all of it is gone; do it again.
        DataError: a file of the log is damaged.
    """
    if settings.feast is None:
        return None
    # An extra: whoever has no Feast needs none of it.
    from winnow.stores.feast_repository import FeastRepository  # noqa: PLC0415

    names = with_merged({name: math.inf}, logged_merges(events_folder(settings)))
    return FeastRepository(settings.feast).forget(names)


def events_folder(settings: Settings) -> Path:
    """The folder of the log.

    Raises:
        SettingsError: nobody says which it is.
    """
    if settings.events is None:
        raise SettingsError("No folder for the event log is given; name one with --events or WINNOW_EVENTS.")
    return settings.events


@contextmanager
def _worker(settings: Settings, options: WorkerOptions, folder: EventFolder) -> Generator[EventWorker]:
    if settings.valkey_url:
        # An extra: whoever keeps the state embedded needs no client.
        from winnow.stores.valkey_client import ValkeyClient  # noqa: PLC0415
        from winnow.stores.valkey_demand import ValkeyDemand  # noqa: PLC0415
        from winnow.stores.valkey_log import ValkeyLog  # noqa: PLC0415

        client = ValkeyClient(settings.valkey_url, connect_timeout_s=PATIENT_S, read_timeout_s=PATIENT_S)
        source = ValkeyLog(client=client, owner=folder.name)
        demand = ValkeyDemand(client=client, half_life_s=options.half_life_s)
        try:
            worker = EventWorker(source=source, folder=folder, count=demand.count, flush_s=options.flush_s)
            if options.features is not None:
                # An extra, and all that answers requests.
                from winnow.serving.event_log.open_push import open_push  # noqa: PLC0415

                push = open_push(settings.feast, options.features, client, folder.path)
                worker.publish, worker.forget, worker.catch_up = push.publish, push.forget, push.catch_up
            yield worker
        finally:
            client.close()
    elif settings.state is not None:
        journal = JournalLog(journal=settings.state, settled=folder.path / POSITION_FILE, reader=folder.name)
        yield EventWorker(source=journal, folder=folder, flush_s=options.flush_s)


def _check_source(settings: Settings, options: WorkerOptions) -> None:
    """Raises SettingsError: there are no events to be had, and so no folder to be made for them."""
    if settings.valkey_url:
        return
    if options.features is not None:
        raise SettingsError(
            "Features of users are told to Feast from the server that the services share; name it in "
            "WINNOW_VALKEY_URL, or leave --features out."
        )
    if settings.state is None:
        raise SettingsError(
            "Nobody says where events come from; give the server of the services (WINNOW_VALKEY_URL) or, without one, "
            "the state folder of the service (WINNOW_STATE)."
        )
