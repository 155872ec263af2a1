"""The filter of the request path, asked about pairs that we choose."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from winnow.engine.engine import Engine
from winnow.pipeline.candidates import Candidates
from winnow.pipeline.filters import SEEN_FILTER
from winnow.pipeline.pipeline import Pipeline
from winnow.pipeline.requests import Requests
from winnow.pipeline.stage import RequestStage, Stage
from winnow.schema.column import Array, Bools, Ragged, offsets_of

STATE, PLACE = "state", "place"


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedFilter:
    """What of a request path knows what users had, and the path without the filter.

    Attributes:
        state: reads what is known of users.
        seen: hides what they had.
        unfiltered: the same path, but for `seen`.
    """

    state: RequestStage
    seen: Stage
    unfiltered: Pipeline

    @staticmethod
    def of(engine: Engine) -> "AskedFilter":
        """Those of an engine."""
        pipeline = engine.pipeline
        return AskedFilter(
            state=next(each for each in pipeline.request_stages if each.name == STATE),
            seen=next(each for each in pipeline.filters if each.name == SEEN_FILTER),
            unfiltered=pipeline.without(SEEN_FILTER),
        )

    def known(self, users: Sequence[str], now: float, k: int) -> Requests:
        """Requests of k items, one for each user, with what is known of them.

        Raises:
            Unavailable: the store does not answer; nothing stands in for it here.
        """
        size = len(users)
        requests = Requests(
            request_ids=tuple(f"audit {user}" for user in users),
            user_ids=tuple(users),
            at=np.full(size, now),
            k=np.full(size, k, np.int64),
            exclude=Ragged(np.empty(0, np.int64), np.zeros(size + 1, np.int64)),
            seeds=np.arange(size, dtype=np.uint64),
        )
        return requests.with_columns(self.state.columns(requests))

    def hides(self, requests: Requests, rows: Sequence[Array]) -> Bools:
        """Which items it hides.

        Args:
            requests: B, as `known` gives them.
            rows: catalogue rows of each.

        Returns:
            bool [N], of all rows one after the other.
        """
        asked = Candidates(item_rows=_joined(rows), offsets=offsets_of(np.array([len(each) for each in rows])))
        asked = asked.with_columns({PLACE: np.arange(len(asked))})
        hidden = np.ones(len(asked), bool)
        hidden[self.seen(requests, asked).array(PLACE)] = False
        return hidden

    def best(self, requests: Requests, without: Sequence[Array]) -> list[Array]:
        """Catalogue rows of the page of each request if the filter erred in nothing, best first.

        Args:
            requests: B, as `known` gives them.
            without: catalogue rows that each user had.
        """
        exclude = Ragged(_joined(without), offsets_of(np.array([len(each) for each in without])))
        answer = self.unfiltered(
            Requests(
                request_ids=requests.request_ids,
                user_ids=requests.user_ids,
                at=requests.at,
                k=requests.k,
                exclude=exclude,
                seeds=requests.seeds,
            )
        )
        pages = Ragged(answer.item_rows, answer.offsets)
        return [pages.row(number) for number in range(len(pages))]


def _joined(rows: Sequence[Array]) -> Array:
    return np.concatenate([np.empty(0, np.int64), *rows])
