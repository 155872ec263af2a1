"""Meters of what is answered, and of what becomes of it."""

from collections import Counter as Count
from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np
from prometheus_client import CollectorRegistry, Counter

from winnow.engine.engine import Engine
from winnow.pipeline.merge import RANKS
from winnow.pipeline.recommendations import Recommendations
from winnow.schema.column import Array
from winnow.schema.schema import EventType
from winnow.schema.stable_hash import stable_hashes
from winnow.serving.meters.remembered_answers import RememberedAnswers
from winnow.stores.event import Event

FILL = "fill"
"""The source of items that no source proposed: popularity filled them in."""
SHARED = "An item that n sources proposed counts 1/n for each."


class AnswerMeters:
    """Where answered items came from, whether there were enough, and which of them were shown and clicked.

    Args:
        registry: of the service.
        remembered: the last answers.
    """

    def __init__(self, registry: CollectorRegistry, remembered: RememberedAnswers) -> None:
        self._remembered = remembered
        self._items = Counter("winnow_answered_items", f"Items of answers. {SHARED}", ("source",), registry=registry)
        # To look a label up takes longer than to count.
        self._known: dict[str, Counter] = {}
        self._seen = Counter(
            "winnow_answered_seen_items", "Items that returned only because nothing else was left.", registry=registry
        )
        self._short = Counter(
            "winnow_short_answers", "Answers with fewer items than were asked for.", registry=registry
        )
        self._missing = Counter("winnow_short_items", "Items that such answers lacked.", registry=registry)
        labels = ("bundle", "source")
        self._told: Mapping[str, Counter] = {
            EventType.IMPRESSION: Counter(
                "winnow_shown", f"Answered items that were shown. {SHARED}", labels, registry=registry
            ),
            EventType.CLICK: Counter(
                "winnow_clicks", f"Answered items that were clicked. {SHARED}", labels, registry=registry
            ),
        }
        self._unattributed = Counter(
            "winnow_unattributed",
            "Impressions and clicks of which this process does not know the answer that they are due to.",
            ("type",),
            registry=registry,
        )

    def answered(self, engine: Engine, answer: Recommendations) -> None:
        """One run of the pipeline of an engine, whose B answers go out."""
        sources = tuple(each.name for each in engine.pipeline.sources)
        proposed = ~np.isnan(answer.chosen.array(RANKS))
        bits, hashes = proposed @ (1 << np.arange(len(sources))), engine.catalogue.hashes[answer.item_rows]
        for name, share in _shares(sources, bits).items():
            self._of_source(name).inc(share)
        if seen := int(answer.seen.sum()):
            self._seen.inc(seen)
        offsets = answer.offsets.tolist()
        for request_id, k, start, end in zip(
            answer.request_ids, answer.requests.k.tolist(), offsets[:-1], offsets[1:], strict=True
        ):
            if k > end - start:
                self._short.inc()
                self._missing.inc(k - (end - start))
            self._remembered.add(request_id, engine.name, sources, hashes[start:end], bits[start:end])

    def reported(self, events: Sequence[Event]) -> None:
        """Events that were stored. Of an item of an answer, the first impression and the first click count."""
        due = [each for each in events if each.type in self._told]
        # By name: the bundle that answered may have items that the one that serves has not.
        for event, item_hash in zip(due, stable_hashes([each.item_id for each in due]).tolist(), strict=True):
            self._reported(event, item_hash)

    def _of_source(self, name: str) -> Counter:
        if name not in self._known:
            self._known[name] = self._items.labels(name)
        return self._known[name]

    def _reported(self, event: Event, item_hash: int) -> None:
        counter = self._told[event.type]
        origin = self._remembered.origin(event.request_id, item_hash, tuple(self._told).index(event.type))
        if origin is None:
            self._unattributed.labels(event.type).inc()
        elif origin.is_new:
            names = proposers(origin.sources, origin.bits)
            for name in names:
                counter.labels(origin.bundle, name).inc(1 / len(names))


@lru_cache(maxsize=4096)
def proposers(sources: tuple[str, ...], bits: int) -> tuple[str, ...]:
    """Names of the sources whose bits are set; `fill` where none is."""
    return tuple(name for bit, name in enumerate(sources) if bits >> bit & 1) or (FILL,)


def _shares(sources: tuple[str, ...], bits: Array) -> Mapping[str, float]:
    shares: dict[str, float] = {}
    for each, count in Count(bits.tolist()).items():
        names = proposers(sources, each)
        for name in names:
            shares[name] = shares.get(name, 0.0) + count / len(names)
    return shares
