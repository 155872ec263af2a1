"""Where what users did is kept while a service runs."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Self

from winnow.schema.errors import BundleError, Unavailable
from winnow.stores.durable_state import DurableState
from winnow.stores.memory_state import MemoryState
from winnow.stores.snapshot_keeper import SnapshotKeeper
from winnow.stores.state_config import StateConfig
from winnow.stores.state_store import StateStore

if TYPE_CHECKING:
    from winnow.stores.valkey_client import ValkeyClient

logger = logging.getLogger(__name__)


def check_server(url: str) -> str:
    """Asks a Valkey server whether it may hold what users did; returns its address, without passwords.

    Raises:
        Unavailable: it does not answer.
        SettingsError: the URL is none, or the server would delete events of its own accord.
    """
    # An extra: whoever keeps the state embedded needs no client.
    from winnow.stores.check_valkey import check_valkey  # noqa: PLC0415
    from winnow.stores.valkey_client import ValkeyClient  # noqa: PLC0415

    client = ValkeyClient(url)
    try:
        check_valkey(client)
    finally:
        client.close()
    return client.address


@dataclass(slots=True, kw_only=True)
class StateHome:
    """Opens the store of a service, once; it outlives the bundles that are opened over it. Use it in a `with`.

    Attributes:
        folder: of an embedded store that outlives the process; None for one that does not.
        url: of a Valkey server, which takes the place of the embedded store; empty for none. Never shown: it may hold a
            password.
    """

    folder: Path | None = None
    url: str = field(default="", repr=False)
    _store: StateStore | None = field(default=None, init=False, repr=False)
    _config: StateConfig | None = field(default=None, init=False, repr=False)
    _client: "ValkeyClient | None" = field(default=None, init=False, repr=False)
    _close: Callable[[], None] | None = field(default=None, init=False, repr=False)

    def open(self, config: StateConfig) -> StateStore:
        """The store, with room for what a bundle asks of it; the same one for all bundles that ask for the same.

        On a server another bundle may ask for more, and each writes as it reads: what it has room for and the others
        have not fills up from then on. An embedded store keeps the room that it was opened with.

        Raises:
            SettingsError: the place cannot be used.
            DataError: what is kept there is damaged.
            BundleError: the store is open, and has no room for what this bundle asks of it.
        """
        if self._store is None or self._config is None:
            self._store, self._config = self._opened(config), config
        elif not self._config.has_room_for(config):
            if self._client is None:
                raise BundleError(
                    "The new bundle asks for longer histories, another memory of what was seen or another half-life "
                    "than the bundle with which this service was started, and the state of a single process is laid "
                    "out at its start. Promote it with the service down (winnow bundle promote NAME --registry "
                    "REGISTRY) and start the service again; nothing of the state is lost."
                )
            self._store, self._config = self._over(self._client, config), config
        return self._store

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Lets the place go; nothing is stored any more."""
        if self._close is not None:
            self._close()

    def _opened(self, config: StateConfig) -> StateStore:
        if self.url:
            return self._on_server(config)
        if self.folder is None:
            return MemoryState(config)
        durable = DurableState.open(self.folder, config)
        self._close = SnapshotKeeper(durable).close
        return durable

    def _on_server(self, config: StateConfig) -> StateStore:
        # An extra: whoever keeps the state embedded needs no client.
        from winnow.stores.check_valkey import check_valkey  # noqa: PLC0415
        from winnow.stores.valkey_client import ValkeyClient  # noqa: PLC0415

        client = ValkeyClient(self.url)
        try:
            check_valkey(client)
        except Unavailable as error:
            # Answers without anybody's past are better than none.
            logger.warning("The service starts without its state store, and unchecked: %s", error)
        self._client, self._close = client, client.close
        return self._over(client, config)

    @staticmethod
    def _over(client: "ValkeyClient", config: StateConfig) -> StateStore:
        from winnow.stores.valkey_state import ValkeyState  # noqa: PLC0415

        return ValkeyState(client, config)
