"""A bundle at work."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from winnow.features.columns import columns_from_values
from winnow.pipeline.catalogue import Catalogue
from winnow.pipeline.pipeline import Pipeline
from winnow.pipeline.request_hydrators import INSTANT
from winnow.schema.column import Column
from winnow.schema.feature import Entity
from winnow.schema.schema import Schema
from winnow.stores.event_store import EventStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """Everything that answers requests from one bundle.

    Attributes:
        name, digest: of the bundle's manifest.
        schema: features and events.
        catalogue: the items.
        pipeline: the request path.
        retrieval: the same path in the order of retrieval, without the ranker; None where there is no ranker.
        events: where events go, and where histories come from.
        seen_types: event types that hide an item from their user, besides the positives of the schema.
        context: the features of the request.
    """

    name: str
    digest: str
    schema: Schema
    catalogue: Catalogue
    pipeline: Pipeline
    events: EventStore
    seen_types: tuple[str, ...] = ()
    retrieval: Pipeline | None = None
    context: Schema = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "context", self.schema.of(Entity.CONTEXT))

    @property
    def context_names(self) -> tuple[str, ...]:
        """What a request may tell of its moment, by raw column; the instant is not among it, it is `Requests.at`."""
        return tuple(dict.fromkeys(feature.column for feature in self.context if feature.column != INSTANT))

    def context_columns(self, contexts: Sequence[Mapping[str, Any]]) -> Mapping[str, Column]:
        """Raw context columns of B requests from JSON values; what is absent is missing.

        Raises:
            RequestError: a value is not what the schema says; names field, value and what was wanted.
        """
        return columns_from_values(self.context, contexts)
