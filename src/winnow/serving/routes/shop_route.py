"""`GET /v1/shop`."""

from collections.abc import Iterator
from dataclasses import dataclass

from fastapi import Request, Response

from winnow.api.limits import MAX_K, MAX_TOLD_VALUES
from winnow.api.recommendations import RecommendationRequest
from winnow.api.shop import CardColumn, ContextColumn, Leeway, LikenessPart, Limits, ShopResponse
from winnow.engine.engine import Engine
from winnow.features.vocabulary_codes import VocabularyCodes
from winnow.pipeline.pipeline_config import PipelineConfig
from winnow.pipeline.similar_items import vectors_by_part
from winnow.schema.feature import Entity
from winnow.serving.engines.live_engine import LiveEngine
from winnow.serving.errors import json_response


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopRoute:
    """Answers from what the bundle declares: it touches no item, and takes microseconds.

    Attributes:
        live: the engine of the moment.
    """

    live: LiveEngine

    async def get(self, request: Request) -> Response:
        """What may be asked of the bundle that serves, and what its answers hold."""
        return json_response(shop_of(self.live.current, request.state.request_id))


def shop_of(engine: Engine, request_id: str) -> ShopResponse:
    """The answer, ready for JSON."""
    config = PipelineConfig() if engine.assembly is None else engine.assembly.config
    return {
        "request_id": request_id,
        "bundle": engine.name,
        "card": [*_card(engine)],
        "context": [*_context(engine)],
        "likeness": [*_likeness(engine)],
        "select": config.select,
        "limits": _limits(config),
    }


def _card(engine: Engine) -> Iterator[CardColumn]:
    told = {each.column: each for each in engine.schema.of_entity(Entity.ITEM) if each.card}
    for name, feature in told.items():
        yield {"name": name, "kind": feature.kind, "filterable": feature.filterable}


def _context(engine: Engine) -> Iterator[ContextColumn]:
    fitted = () if engine.assembly is None else engine.assembly.context.features
    known = {each.column: each.transform.known for each in fitted if isinstance(each.transform, VocabularyCodes)}
    kinds = {each.column: each.kind for each in engine.context}
    for name in engine.context_names:
        yield {"name": name, "kind": kinds[name], "values": [*known.get(name, ())[:MAX_TOLD_VALUES]]}


def _likeness(engine: Engine) -> Iterator[LikenessPart]:
    kinds = {each.name: each.kind for each in engine.schema.of_entity(Entity.ITEM)}
    for name in vectors_by_part(engine.catalogue):
        yield {"name": name, "kind": kinds.get(name)}


def _limits(config: PipelineConfig) -> Limits:
    return {
        "k": {"min": 0, "max": MAX_K, "default": RecommendationRequest().k},
        "diversity": _leeway(config.diversity_limits, config.reranking.diversity),
        "explore": _leeway(config.explore_limits, config.temperature),
    }


def _leeway(limits: tuple[float, float] | None, default: float) -> Leeway | None:
    return None if limits is None else {"min": limits[0], "max": limits[1], "default": default}
