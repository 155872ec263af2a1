"""Which bundle and which sources an item came from, for the events that will name its answer."""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

import numpy as np

from winnow.schema.column import Array

MAX_ANSWERS = 20_000
MAX_ITEMS = 400_000
"""Of all remembered answers together; a long one weighs as much as many short ones."""
MAX_AGE_S = 3600.0


@dataclass(slots=True, kw_only=True)
class RememberedAnswer:
    """One list, as small as it can be kept.

    Attributes:
        bundle: that answered.
        sources: names of the sources, in the order of their bits.
        hashes: uint64 [M] stable hashes of the items, as bytes.
        bits: int64 [M], in which bit `n` is set where the n-th source proposed the item, as bytes.
        at: when, in the seconds of the clock.
        told: bits of what was said of its items before.
    """

    bundle: str
    sources: tuple[str, ...]
    hashes: bytes
    bits: bytes
    at: float
    told: int = 0

    def __len__(self) -> int:
        return len(self.hashes) // 8


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a shown item came from.

    Attributes:
        bundle: that answered.
        sources: that proposed it.
        bits: which of the sources.
        is_new: whether the same was not said of the item before.
    """

    bundle: str
    sources: tuple[str, ...]
    bits: int
    is_new: bool


@dataclass(slots=True, kw_only=True)
class RememberedAnswers:
    """The last answers of this process, of an hour at most. Safe to use from several threads.

    Attributes:
        clock: seconds, never back.
    """

    clock: Callable[[], float] = time.monotonic
    _answers: OrderedDict[str, RememberedAnswer] = field(default_factory=OrderedDict, init=False)
    _items: int = field(default=0, init=False)
    _lock: Lock = field(default_factory=Lock, init=False)

    def add(self, request_id: str, bundle: str, sources: tuple[str, ...], hashes: Array, bits: Array) -> None:
        """Remembers an answer; the one that had the same request_id is forgotten.

        Args:
            request_id: events name it.
            bundle: that answered.
            sources: names of the sources, in the order of their bits.
            hashes: uint64 [M], stable hashes of the items.
            bits: int64 [M], sources of the items.
        """
        answer = RememberedAnswer(
            bundle=bundle, sources=sources, hashes=hashes.tobytes(), bits=bits.tobytes(), at=self.clock()
        )
        with self._lock:
            self._drop(self._answers.pop(request_id, None))
            self._answers[request_id] = answer
            self._items += len(answer)
            while self._is_over(next(iter(self._answers.values())), answer.at):
                self._drop(self._answers.popitem(last=False)[1])

    def origin(self, request_id: str, item_hash: int, kind: int) -> Origin | None:
        """Where an item of an answer came from; None where the answer, or the item in it, is not remembered.

        Args:
            request_id: of the answer.
            item_hash: uint64, stable hash of the item.
            kind: small number of what is said of the item, from 0 to 7, which is new the first time.
        """
        with self._lock:
            answer = self._answers.get(request_id)
            if answer is None or self.clock() - answer.at > MAX_AGE_S:
                return None
            places = np.flatnonzero(np.frombuffer(answer.hashes, np.uint64) == np.uint64(item_hash))
            if not len(places):
                return None
            place = int(places[0])
            mark = 1 << (8 * place + kind)
            is_new = not answer.told & mark
            answer.told |= mark
        bits = int(np.frombuffer(answer.bits, np.int64)[place])
        return Origin(answer.bundle, answer.sources, bits, is_new)

    def __len__(self) -> int:
        return len(self._answers)

    def _is_over(self, oldest: RememberedAnswer, now: float) -> bool:
        too_many = len(self._answers) > MAX_ANSWERS or self._items > MAX_ITEMS
        return (too_many and len(self._answers) > 1) or now - oldest.at > MAX_AGE_S

    def _drop(self, answer: RememberedAnswer | None) -> None:
        self._items -= 0 if answer is None else len(answer)
