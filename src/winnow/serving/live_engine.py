"""The engine that answers now, while items come and go."""

from collections.abc import Mapping
from threading import Lock
from typing import Any

from winnow.engine.engine import Engine
from winnow.features.encoders.vector_cache import VectorCache
from winnow.schema.errors import DataError, RequestError, WinnowError
from winnow.serving.item_log import ItemLog
from winnow.serving.order import Order
from winnow.serving.settings import Settings

VECTORS_FILE = "vectors.arrow"
"""In the state folder. Anybody may delete it while the service is down."""
AT_ONCE = 64
"""Most items whose pictures are in memory at once when the service starts."""


class LiveEngine:
    """Holds the one engine that changes are made to. A request takes `current` once and keeps to it.

    Args:
        engine: as its bundle has it.
        log: changes to make first, and where later ones are kept; None keeps them as long as the process lives.
        vectors: of what the changes bring, so that no start encodes it again.

    Raises:
        DataError: a change of the log does not fit the bundle, or its picture is missing or damaged.
        EncoderError: the vectors cannot be read or written.
    """

    def __init__(self, engine: Engine, log: ItemLog | None = None, vectors: VectorCache | None = None) -> None:
        self._log = log
        self._lock = Lock()
        self.current = engine if log is None else _replayed(engine, log, vectors)

    @staticmethod
    def open(engine: Engine, settings: Settings) -> "LiveEngine":
        """With the state folder of the settings, where there is one. Raises as `ItemLog` does."""
        if settings.state is None or settings.valkey_url:
            # On a server, orders are kept there, for all.
            return LiveEngine(engine)
        log = ItemLog(settings.state, engine.digest)
        try:
            return LiveEngine(engine, log, VectorCache(file=settings.state / VECTORS_FILE))
        except WinnowError:
            log.close()
            raise

    @property
    def is_durable(self) -> bool:
        """Whether changes outlive the process."""
        return self._log is not None

    def obey(self, order: Order) -> None:
        """Carries out an order, for every request that begins after this returns.

        Raises:
            RequestError: it cannot be carried out, or nobody knows such an order; nothing is changed.
            BundleError: a bundle cannot take part; nothing is changed.
            Unavailable: the change cannot be kept; nothing is changed.
        """
        told = order.told
        match order.kind:
            case "put_item":
                self.put(told["item_id"], told["values"])
            case "withdraw_item":
                self.withdraw(told["item_id"])
            case _:
                raise RequestError(f"This worker knows no order '{order.kind}'; is its program older than the others'?")

    def put(self, item_id: str, values: Mapping[str, Any]) -> bool:
        """Adds or replaces an item, for every request that begins after this returns.

        Args:
            item_id: outside name.
            values: JSON values by raw column, pictures as bytes.

        Returns:
            whether the item is new, or comes back.

        Raises:
            RequestError: a value is not what the schema says; nothing is changed.
            Unavailable: the change cannot be kept; nothing is changed.
        """
        with self._lock:
            is_new = not self.current.catalogue.is_allowed(item_id)
            self._change(self.current.with_items({item_id: values}), item_id, values)
        return is_new

    def withdraw(self, item_id: str) -> bool:
        """Takes an item out of all answers; returns whether it was in them. Raises as `put` does."""
        with self._lock:
            if not self.current.catalogue.is_allowed(item_id):
                return False
            self._change(self.current.without([item_id]), item_id, None)
        return True

    def follow_demand(self, now: float) -> bool:
        """Lets the sources know what has been in demand until now, UTC seconds; returns whether that changed them.

        Raises:
            Unavailable: the store does not answer; the sources stay as they are.
        """
        # Without the lock: a store may be slow, and items must not wait for it.
        demand = self.current.demand(now)
        with self._lock:
            before = self.current
            self.current = before.told(demand, now)
            return self.current is not before

    def close(self) -> None:
        """Lets the log go."""
        if self._log is not None:
            self._log.close()

    def _change(self, after: Engine, item_id: str, values: Mapping[str, Any] | None) -> None:
        # On disk first: what callers have seen is never forgotten. Then the swap, one assignment.
        if self._log is not None:
            self._log.append(item_id, values)
        self.current = after


def _replayed(engine: Engine, log: ItemLog, vectors: VectorCache | None) -> Engine:
    given = [change for change in log.changes() if change.values is not None]
    withdrawn = [change.item_id for change in log.changes() if change.values is None]
    try:
        for start in range(0, len(given), AT_ONCE):
            some = given[start : start + AT_ONCE]
            engine = engine.with_items({change.item_id: log.values_of(change) for change in some}, vectors)
        return engine.without(withdrawn) if withdrawn else engine
    except RequestError as error:
        raise DataError(f"The item log does not fit the bundle {engine.name}: {error}") from error
