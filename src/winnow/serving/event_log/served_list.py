"""One list as it was answered, for training to read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from winnow.api.recommendations import RecommendationRequest
from winnow.engine.engine import Engine
from winnow.pipeline.recommendations import Recommendations
from winnow.schema.column import Array


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedList:
    """What one caller was answered, and what the ranker read of it.

    That it was served says not that anybody saw it: what was shown, the client reports.

    Attributes:
        request_id: events name it.
        user_id: outside name of the visitor, a `session_name` for a session, "" for nobody.
        at: the instant that was asked for, UTC seconds.
        answered_at: UTC seconds.
        digest: of the bundle.
        page: number in a row of pages, from 0.
        context: as the caller told it.
        degraded: stages that were skipped; what they would have looked up is missing from the features.
        item_ids: M outside names, best first.
        scores, propensities: float32 [M].
        seen: bool [M], what returned only because nothing else was left.
        request: what the ranker read of the request, by column, [...].
        candidates: what it read of each item, by column, [M, ...].
    """

    request_id: str
    user_id: str
    at: float
    answered_at: float
    digest: str
    page: int
    context: Mapping[str, Any]
    degraded: tuple[str, ...]
    item_ids: tuple[str, ...]
    scores: Array
    propensities: Array
    seen: Array
    request: Mapping[str, Array]
    candidates: Mapping[str, Array]

    def __len__(self) -> int:
        return len(self.item_ids)

    @staticmethod
    def of(
        engine: Engine, answer: Recommendations, asked: RecommendationRequest, page: int, answered_at: float
    ) -> "ServedList":
        """The answer to a single request; nothing of it is copied."""
        requests, chosen = answer.requests, answer.chosen
        of_request, of_candidate = ((), ()) if engine.assembly is None else engine.assembly.ranked_by
        return ServedList(
            request_id=answer.request_ids[0],
            user_id=requests.user_ids[0],
            at=float(requests.at[0]),
            answered_at=answered_at,
            digest=engine.digest,
            page=page,
            context=asked.context,
            degraded=answer.trace.degraded,
            item_ids=tuple(map(engine.catalogue.item_ids.__getitem__, answer.item_rows.tolist())),
            scores=answer.scores,
            propensities=answer.propensities,
            seen=answer.seen,
            request={name: requests.array(name)[0] for name in of_request},
            candidates={name: chosen.array(name) for name in of_candidate},
        )
