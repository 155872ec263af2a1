"""Where what users did is kept while a service runs."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from winnow.stores.durable_state import DurableState
from winnow.stores.memory_state import MemoryState
from winnow.stores.state_config import StateConfig
from winnow.stores.state_store import StateStore


@dataclass(slots=True)
class StateHome:
    """Opens the store of a service, once; it outlives the bundles that are opened over it. Use it in a `with`.

    Attributes:
        folder: of an embedded store that outlives the process; None for one that does not.
    """

    folder: Path | None = None
    _store: StateStore | None = None
    _close: Callable[[], None] | None = field(default=None, repr=False)

    def open(self, config: StateConfig) -> StateStore:
        """The store, with room for what a bundle asks of it when it is opened first.

        Raises:
            SettingsError: the place cannot be used.
            DataError: what is kept there is damaged.
        """
        if self._store is None:
            self._store = self._opened(config)
        return self._store

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Lets the place go; nothing is stored any more."""
        if self._close is not None:
            self._close()

    def _opened(self, config: StateConfig) -> StateStore:
        if self.folder is None:
            return MemoryState(config)
        durable = DurableState.open(self.folder, config)
        self._close = durable.close
        return durable
