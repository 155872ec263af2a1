"""The engines that answer now, while items and bundles come and go."""

import logging
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from threading import Lock
from typing import Any

from winnow.engine.engine import Engine
from winnow.features.encoders.vector_cache import VectorCache
from winnow.schema.errors import BundleError, DataError, RequestError, Unavailable, WinnowError
from winnow.serving.engines.bundle_shelf import BundleShelf
from winnow.serving.engines.lineup import Lineup
from winnow.serving.engines.seat import Seat
from winnow.serving.items.held_changes import HeldChanges
from winnow.serving.items.item_change import ItemChange
from winnow.serving.items.item_log import ItemLog
from winnow.serving.items.item_memory import ItemMemory
from winnow.serving.items.item_replay import readable, replayed
from winnow.serving.orders.order import Order
from winnow.serving.settings.settings import Settings

logger = logging.getLogger(__name__)

VECTORS_FILE = "vectors.arrow"
"""In the state folder. Anybody may delete it while the service is down."""
NO_REGISTRY = (
    "This service was started with a bundle and knows no others. Start it with a registry, a folder of bundles of "
    "which one was promoted: winnow serve REGISTRY"
)


class LiveEngine:
    """Holds the one lineup that changes are made to. A request takes an engine of it once, and keeps to that.

    Args:
        engine: of the bundle that serves, as it was opened.
        items: changes to make first, and where later ones are kept.
        vectors: of what the changes bring, so that no start encodes it again.
        shelf: where further bundles come from; None where there are none.

    Raises:
        DataError: a change does not fit the bundle, or its picture is missing or damaged.
        EncoderError: the vectors cannot be read or written.
    """

    def __init__(
        self,
        engine: Engine,
        items: ItemMemory | None = None,
        vectors: VectorCache | None = None,
        shelf: BundleShelf | None = None,
    ) -> None:
        self.shelf = shelf
        self._items = HeldChanges() if items is None else items
        self._vectors = vectors
        self._lock = Lock()
        self._followed_at: float | None = None
        told_at = (each.at for each in self._items.changes() if each.at >= engine.trained_until)
        self.changed_at = max(told_at, default=0.0)
        """When the last change of an item was said, UTC seconds; 0 while they are as the bundle has them."""
        self.duties: dict[str, Callable[[Order], object]] = {
            "put_item": lambda order: self.change([_item_change(order)]),
            "withdraw_item": lambda order: self.change([_item_change(order)]),
            "prepare_bundle": lambda order: self._prepare(order.told["name"]),
            "switch_bundle": lambda order: self._move(lambda lineup: lineup.switched(order.told["name"])),
            "drop_bundle": lambda order: self._move(lambda lineup: lineup.dropped(order.told["name"])),
            "shadow": lambda order: self._move(lambda lineup: lineup.cast(order.told["name"], "shadow")),
            "canary": lambda order: self._move(
                lambda lineup: lineup.cast(order.told["name"], "canary", order.told["share"])
            ),
        }
        """What a worker does by kind of order; another part of it may have a duty too, and says so before it begins."""
        try:
            engine = replayed(engine, self._items, self._items.changes(), vectors)
        except RequestError as error:
            raise DataError(f"The item log does not fit the bundle {engine.name}: {error}") from error
        self.lineup = Lineup(serving=Seat(name=engine.name if shelf is None else shelf.first, engine=engine))

    @staticmethod
    def open(engine: Engine, settings: Settings, shelf: BundleShelf | None = None) -> "LiveEngine":
        """With the state folder of the settings, unless a server has what it would hold. Raises as `ItemLog` does."""
        if settings.state is not None and settings.valkey_url:
            logger.warning(
                "Items are on the server (WINNOW_VALKEY_URL): what was said of them in %s (WINNOW_STATE) is not read. "
                "If it is still to count, send it again.",
                settings.state,
            )
        if settings.state is None or settings.valkey_url:
            return LiveEngine(engine, shelf=shelf)
        log = ItemLog(settings.state)
        try:
            return LiveEngine(engine, log, VectorCache(file=settings.state / VECTORS_FILE), shelf)
        except WinnowError:
            log.close()
            raise

    @property
    def current(self) -> Engine:
        """The engine that answers."""
        return self.lineup.serving.engine

    @property
    def is_durable(self) -> bool:
        """Whether changes of items outlive the process."""
        return self._items.is_durable

    def obey(self, order: Order) -> None:
        """Carries out an order, for every request that begins after this returns. Safe to call from several threads.

        Raises:
            RequestError: it cannot be carried out, or nobody knows such an order; nothing is changed.
            BundleError: a bundle cannot take part; nothing is changed.
            Unavailable: the change cannot be kept; nothing is changed.
        """
        duty = self.duties.get(order.kind)
        if duty is None:
            raise RequestError(f"This worker knows no order '{order.kind}'; is its program older than the others'?")
        duty(order)

    def put(self, item_id: str, values: Mapping[str, Any], at: float | None = None) -> None:
        """Adds or replaces an item, for every request that begins after this returns.

        Args:
            item_id: outside name.
            values: JSON values by raw column, pictures as bytes.
            at: when it was said, UTC seconds; now by default.

        Raises:
            RequestError: a value is not what the schema of the serving bundle says; nothing is changed.
            Unavailable: the change cannot be kept; nothing is changed.
        """
        self.change([ItemChange(item_id=item_id, values=values, at=time.time() if at is None else at)])

    def sent(self, engine: Engine, item_id: str) -> dict[str, Any] | None:
        """The values that came over HTTP, pictures as bytes; None of an item that an engine knows from its training.

        Raises:
            DataError: a picture is missing or damaged; names item and file.
        """
        change = self._items.last(item_id)
        return None if change is None or change.at < engine.trained_until else self._items.values_of(change)

    def withdraw(self, item_id: str, at: float | None = None) -> None:
        """Takes an item out of all answers. Raises as `put` does."""
        self.change([ItemChange(item_id=item_id, values=None, at=time.time() if at is None else at)])

    def obey_together(self, orders: Sequence[Order]) -> None:
        """Carries out orders on different items, for far less than one by one takes. Raises as `put` does."""
        self.change([_item_change(order) for order in orders])

    def follow_demand(self, now: float) -> bool:
        """Lets the sources know what has been in demand until now, UTC seconds; returns whether that changed them.

        Raises:
            Unavailable: the store does not answer; the sources stay as they are.
        """
        # Without the lock: a store may be slow, and items must not wait for it.
        engines = {seat.name: seat.engine.demand(now) for seat in self.lineup.seats}
        with self._lock:
            before = self.lineup
            self._followed_at = now

            def told(seat: Seat) -> Seat:
                engine = seat.engine.told(engines[seat.name], now) if seat.name in engines else seat.engine
                return seat if engine is seat.engine else replace(seat, engine=engine)

            self.lineup = before.changed(told)
            return self.lineup.serving is not before.serving

    def close(self) -> None:
        """Lets the log go."""
        self._items.close()

    def change(self, changes: Sequence[ItemChange]) -> None:
        """Makes changes of different items in every engine whose training came before them.

        A candidate or a previous bundle that cannot take one leaves the lineup. Raises as `put` does.
        """

        def made(seat: Seat) -> Seat:
            engine = _changed(seat.engine, [each for each in changes if each.at >= seat.engine.trained_until])
            return seat if engine is seat.engine else replace(seat, engine=engine)

        with self._lock:
            serving = self.lineup.serving
            after = made(serving)
            lineup = self.lineup.changed(lambda seat: after if seat is serving else _unless_refused(made, seat))
            # On disk first: what callers have seen is never forgotten. Then the swap, one assignment.
            for each in changes:
                self._items.append(each)
            self.lineup = lineup
            self.changed_at = max([self.changed_at, *(each.at for each in changes)])

    def _move(self, move: Callable[[Lineup], Lineup]) -> None:
        with self._lock:
            before, self.lineup = self.lineup, move(self.lineup)
        if self.lineup.serving.name != before.serving.name:
            logger.info("The bundle %s serves, after %s.", self.lineup.serving.name, before.serving.name)

    def _prepare(self, name: str) -> None:
        if self.shelf is None:
            raise RequestError(NO_REGISTRY)
        seat = self.lineup.seat(name)
        if seat is not None:
            self.shelf.check_same(seat)
            return
        # Without the lock: it takes seconds, and items must not wait for it. What comes meanwhile is made up for.
        seat, done = self.shelf.tried(name), self._items.changes()
        seat, known = self._caught_up(seat, done), {id(change) for change in done}
        with self._lock:
            late = [each for each in self._items.changes() if id(each) not in known]
            self.lineup = self.lineup.prepared(self._caught_up(seat, late))
        logger.info("The bundle %s is ready to serve: %s", name, seat.trial)

    def _caught_up(self, seat: Seat, changes: Collection[ItemChange]) -> Seat:
        """After the changes of items, and knowing what has been in demand."""
        try:
            engine = replayed(seat.engine, self._items, changes, self._vectors)
        except (Unavailable, BundleError):
            raise
        except WinnowError as error:
            raise BundleError(
                f"The bundle {seat.name} cannot take the items that came over HTTP since its training: {error} Send "
                "the item again as both bundles take it, withdraw it, or train with it."
            ) from error
        if self._followed_at is not None:
            with suppress(Unavailable):
                engine = engine.told(engine.demand(self._followed_at), self._followed_at)
        return replace(seat, engine=engine)


def _item_change(order: Order) -> ItemChange:
    return ItemChange(item_id=order.told["item_id"], values=order.told.get("values"), at=order.at)


def _changed(engine: Engine, changes: Sequence[ItemChange]) -> Engine:
    given = {each.item_id: each.values for each in changes if each.values is not None}
    if given:
        engine = engine.with_items(readable(engine, given))
    withdrawn = [each.item_id for each in changes if each.values is None]
    return engine.without(withdrawn) if withdrawn else engine


def _unless_refused(change: Callable[[Seat], Seat], seat: Seat) -> Seat | None:
    try:
        return change(seat)
    except RequestError as error:
        logger.warning("The bundle %s is let go, for it cannot take an item that came: %s", seat.name, error)
        return None
