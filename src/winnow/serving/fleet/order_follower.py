"""Carries out the orders that are on a Valkey server, in their order."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from itertools import groupby
from threading import Event, Lock, Thread

import orjson

from winnow.schema.errors import Unavailable, WinnowError
from winnow.serving.engines.live_engine import LiveEngine
from winnow.serving.engines.shadow import Shadow
from winnow.serving.orders.lasting_orders import PREPARE, is_about_bundle, is_about_item, lasting_orders
from winnow.serving.orders.order import Order
from winnow.serving.orders.written_order import read_order
from winnow.stores.valkey_orders import BLOCK_S, DEAD_S, Place, ValkeyOrders

logger = logging.getLogger(__name__)

AT_ONCE = 64
"""Most words that are in memory at once; they may hold pictures."""
AGAIN_S = 0.5
"""After which a server that does not answer is tried again."""
LIFE_S = DEAD_S / 5

Told = tuple[str, bytes, Order]
"""Subject, mark and last word."""


@dataclass(slots=True, kw_only=True)
class OrderFollower:
    """Follows in a thread, and says in another one that it lives, so that a long order is not taken for death.

    A bundle is prepared in a thread of its own, for items must not wait for it; other orders about bundles do.

    After any fault of the server it reads the marks of all subjects, and carries out what it has not yet. Where there
    is a later word on a subject, it waits for that, and so do those who gave the earlier one.

    Attributes:
        orders: on the server.
        live: carries them out.
        name: of this worker.
        shadow: what it knows of a candidate.
        is_durable: whether the server writes orders to its disk; no while it has not said.
    """

    orders: ValkeyOrders
    live: LiveEngine
    name: str
    shadow: Shadow
    is_durable: bool = field(default=False, init=False)
    _run: str = field(default="", init=False)
    _place: Place | None = field(default=None, init=False)
    _done: int = field(default=0, init=False)
    _owed: int = field(default=0, init=False)
    _heard: dict[str, bytes] = field(default_factory=dict[str, bytes], init=False)
    _is_preparing: bool = field(default=False, init=False)
    _preparing: Thread | None = field(default=None, init=False)
    _counts: Event = field(default_factory=Event, init=False)
    _reporting: Lock = field(default_factory=Lock, init=False)
    _stopped: Event = field(default_factory=Event, init=False)
    _threads: list[Thread] = field(default_factory=list[Thread], init=False)
    _is_silent: bool = field(default=False, init=False)

    def start(self) -> None:
        """Comes to where the others are, if the server answers, and follows from there."""
        self._tried(self._begin)
        for target, name in ((self._follow, "orders"), (self._show_life, "sign of life")):
            thread = Thread(target=target, name=name, daemon=True)
            thread.start()
            self._threads.append(thread)

    def close(self) -> None:
        """Follows no more; nobody waits for this worker."""
        with self._reporting:
            self._stopped.set()
        try:
            self.orders.leave(self.name)
        except Unavailable as error:
            logger.info("For some seconds others wait for this worker: %s", error)
        self._settle()
        self.orders.client.close()  # whoever waits there waits no more
        for thread in self._threads:
            thread.join()

    def _follow(self) -> None:
        while not self._stopped.is_set():
            if not self._tried(self._step):
                self._place = None
                self._stopped.wait(AGAIN_S)

    def _show_life(self) -> None:
        while not self._stopped.wait(LIFE_S):
            if self._counts.is_set():
                self._tried(self._report)

    def _tried(self, work: Callable[[], object]) -> bool:
        """Whether it could be done. A server that does not answer is logged once."""
        try:
            work()
        except Unavailable as error:
            if not (self._is_silent or self._stopped.is_set()):
                logger.warning("No orders are heard, and what was ordered before stays: %s", error)
            self._is_silent = True
            return False
        except Exception:
            # It must not be the last one.
            logger.exception("Orders could not be followed.")
            return False
        self._is_silent = False
        return True

    def _begin(self) -> None:
        """Carries out what orders came to; then this worker counts, and hears what came meanwhile."""
        self._settle()
        self._run, self.is_durable = self.orders.server()
        place, marks = self.orders.marks()
        new = sorted((each for each in marks if not self._knows(each, marks[each])), key=lambda at: _number(marks[at]))
        shelf = self.live.shelf
        told = self._unheard([each for each in new if not is_about_item(each)])
        lasting = lasting_orders({each: order for each, (_, order) in told.items()}, shelf.chosen_at if shelf else 0.0)
        due = [each for each in new if is_about_item(each) or each in lasting]
        for start in range(0, len(due), AT_ONCE):
            told = [(subject, *word) for subject, word in self._unheard(due[start : start + AT_ONCE]).items()]
            # A word that came since is heard in its place.
            for _, run in groupby([each for each in told if _number(each[1]) <= place.number], _is_about_item):
                self._make_up_for(list(run))
        self._heard |= {each: marks[each] for each in new if each not in due}
        self._place, self._done, self._owed = place, place.number, 0
        last = self._report()
        self._counts.set()
        while self._place is not None and self._done < last:
            self._advance(self._place, 0.0)

    def _make_up_for(self, told: Sequence[Told]) -> None:
        """Of orders that follow each other, all or none of which are about items: those together, if they can be."""
        until = self.live.current.trained_until  # training has read what was known then
        due = [each for each in told if not (_is_about_item(each) and each[2].at < until)]
        self._heard |= {subject: mark for subject, mark, order in told if is_about_item(subject) and order.at < until}
        if len(due) > 1 and _is_about_item(due[0]) and self._obey_together(due):
            return
        for subject, mark, order in due:
            refusal = self._obey(subject, mark, order)
            if self._counts.is_set():
                self._report(_number(mark), refusal)

    def _obey_together(self, told: Sequence[Told]) -> bool:
        """Whether all could be carried out; else none is."""
        try:
            self.live.obey_together([order for _, _, order in told])
        except Exception:
            # Each by itself it turns out which of them is to blame.
            logger.debug("%d orders could not be carried out together.", len(told), exc_info=True)
            return False
        self._heard |= {subject: mark for subject, mark, _ in told}
        return True

    def _step(self) -> None:
        if self._place is None:
            self._begin()
        else:
            self._advance(self._place, BLOCK_S)

    def _advance(self, start: Place, wait_s: float) -> None:
        """Carries out the next orders, each as the last word on its subject and in its place among the others."""
        found = self.orders.after(start, wait_s)
        if found is None:
            self._place = None
            return
        told = self._unheard(list(dict.fromkeys(subject for _, subject in found)))
        for place, subject in found:
            refusal = ""
            if subject in told and _number(told[subject][0]) == place.number:
                refusal = self._begun(subject, *told[subject])
            elif subject in told:
                self._owed = max(self._owed, _number(told[subject][0]))
            self._place = place
            if place.number >= self._owed:
                self._report(place.number, refusal, done=place.number)

    def _begun(self, subject: str, mark: bytes, order: Order) -> str:
        """Carries an order out, or has it carried out; returns why not, empty where that is not known yet."""
        if is_about_bundle(order):
            self._settle()
        if order.kind != PREPARE:
            return self._obey(subject, mark, order)
        self._is_preparing = True

        def prepare() -> None:
            refusal = self._obey(subject, mark, order)
            self._tried(lambda: self._report(_number(mark), refusal, is_prepared=True))

        self._preparing = Thread(target=prepare, name="preparation", daemon=True)
        self._preparing.start()
        return ""

    def _settle(self) -> None:
        """Waits until no bundle is being prepared."""
        preparing = self._preparing
        if preparing is not None:
            preparing.join()

    def _unheard(self, subjects: Sequence[str]) -> dict[str, tuple[bytes, Order]]:
        """Mark and order of these subjects, without those that are carried out already."""
        words = zip(subjects, self.orders.words(subjects), strict=True)
        return {
            subject: (mark, read_order(word))
            for subject, (mark, word) in words
            if word and not self._knows(subject, mark)
        }

    def _knows(self, subject: str, mark: bytes) -> bool:
        return self._heard.get(subject) == mark

    def _obey(self, subject: str, mark: bytes, order: Order) -> str:
        """Returns why not; empty if it is carried out."""
        refusal = ""
        try:
            self.live.obey(order)
        except WinnowError as error:
            refusal = str(error)
        except Exception:
            logger.exception("The order %s failed.", order.kind)
            refusal = f"The order {order.kind} failed inside the worker; its log holds the cause."
        if refusal:
            logger.warning("The order %s is refused: %s", order.kind, refusal)
        self._heard[subject] = mark
        return refusal

    def _report(self, number: int = 0, refusal: str = "", *, done: int = 0, is_prepared: bool = False) -> int:
        """Says how far this worker is, and in the same breath why it refuses an order.

        Args:
            number: of the order that it refuses, if there is a refusal.
            refusal: why.
            done: all orders up to this one are done, but for a bundle that is being prepared; 0 for nothing new.
            is_prepared: it is, or cannot be.
        """
        # One at a time: or the sign of life might take back what was said of an order, or say too much of it.
        with self._reporting:
            self._done = max(self._done, done)
            self._is_preparing &= not is_prepared
            if self._stopped.is_set():
                return self._done
            said = {"done": self._done, "run": self._run, "bundle": self.live.current.name}
            said["preparing"] = self._is_preparing
            written = orjson.dumps({**said, "shadow": asdict(self.shadow.tally)})
            return self.orders.report(self.name, written, number, refusal)


def _is_about_item(told: Told) -> bool:
    return is_about_item(told[0])


def _number(mark: bytes) -> int:
    return int(mark.split(b" ")[0])
