"""Opens what tells a Feast repository what users do. Imported by whoever wants that: it brings a whole engine along."""

from pathlib import Path

from winnow.engine.open_engine import open_engine
from winnow.engine.recent_windows import recent_windows
from winnow.schema.errors import SettingsError
from winnow.serving.event_log.feature_push import FeaturePush
from winnow.serving.event_log.patient_push import PatientPush
from winnow.stores.feast_repository import FeastRepository
from winnow.stores.feast_windows import FeastWindows
from winnow.stores.feature_table import window_tables
from winnow.stores.valkey_client import ValkeyClient
from winnow.stores.valkey_state import ValkeyState


def open_push(folder: Path | None, bundle: Path, client: ValkeyClient, log: Path) -> PatientPush:
    """What a worker tells of.

    Args:
        folder: of the Feast repository.
        bundle: its items and its windows say what is counted; items that came since it was trained are not in it.
        client: of the server that keeps what users did.
        log: folder of the event log, where it is noted what is still to be told.

    Raises:
        SettingsError: no repository is named, or it does not know the windows, or the bundle has none.
        BundleError: the bundle cannot be opened.
        DataError: what is still to be told cannot be read.
    """
    if folder is None:
        raise SettingsError("Features are to be told to Feast, and no repository is named; name it in WINNOW_FEAST.")
    engine = open_engine(bundle, lambda config: ValkeyState(client, config))
    tables = window_tables(engine.schema)
    if not tables:
        raise SettingsError(
            f"The schema of the bundle {bundle} declares no window, so there is nothing to tell Feast while users act; "
            "leave --features out."
        )
    repository = FeastRepository(folder)
    for table in tables.values():
        repository.check(table)
    store = FeastWindows(repository=repository, tables=tables)
    return PatientPush(push=FeaturePush(read=recent_windows(engine).read, store=store), folder=log)
