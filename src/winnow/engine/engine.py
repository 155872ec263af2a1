"""A bundle at work."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from winnow.bundle.bundle import Bundle
from winnow.engine.assembly import Assembly
from winnow.engine.canary_set import CanarySet
from winnow.engine.hidden_content import hidden_content
from winnow.engine.item_categories import ItemCategories
from winnow.engine.item_encoder import ItemEncoder, Values
from winnow.engine.live_demand import LiveDemand
from winnow.engine.stock import Stock
from winnow.engine.trained_users import TrainedUsers
from winnow.engine.trending import Trending, trending
from winnow.features.columns import columns_from_values
from winnow.features.encoders.vector_cache import VectorCache
from winnow.pipeline.catalogue import Catalogue
from winnow.pipeline.pipeline import Pipeline
from winnow.pipeline.request_hydrators import INSTANT, UserHydrator
from winnow.pipeline.requests import NOTHING
from winnow.schema.column import Array, Bools, Column
from winnow.schema.errors import RequestError
from winnow.schema.feature import Entity, Kind
from winnow.schema.schema import Schema
from winnow.stores.counted_types import counted_types
from winnow.stores.layered_state import LayeredState
from winnow.stores.memory_state import MemoryState
from winnow.stores.raw_users import RawUsers
from winnow.stores.state_config import StateConfig
from winnow.stores.state_store import StateStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """Everything that answers requests from one bundle.

    Attributes:
        name, digest: of the bundle's manifest.
        schema: features and events.
        catalogue: the items.
        pipeline: the request path.
        retrieval: the same path in the order of retrieval, without the ranker; None where there is no ranker.
        state: where events go, and where histories come from.
        seen_types: event types that hide an item from their user, besides the positives of the schema.
        stock: the items with their index and popularity; None where items cannot change.
        assembly: puts the request path together for another stock; None likewise.
        users: what training knew of them; None where nobody kept it.
        canaries: requests with the answers that training had to them; None where the bundle brings none.
        trained_until: the instant up to which training read events, UTC seconds; 0 where time was not cut.
        outside: says of users what comes before that; None where nobody does.
        bundle: that it was opened from; None where it was put together otherwise.
        context: the features of the request.
        context_names: what a request may tell of its moment, by raw column; the instant is not among it, it is
            `Requests.at`. Nor are windows: what a user did lately is read, not told.
    """

    name: str
    digest: str
    schema: Schema
    catalogue: Catalogue
    pipeline: Pipeline
    state: StateStore
    seen_types: tuple[str, ...] = ()
    retrieval: Pipeline | None = None
    stock: Stock | None = None
    assembly: Assembly | None = None
    users: TrainedUsers | None = None
    canaries: CanarySet | None = None
    trained_until: float = 0.0
    outside: RawUsers | None = None
    bundle: Bundle | None = None
    context: Schema = field(init=False)
    context_names: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        context = self.schema.of(Entity.CONTEXT)
        told = (feature.column for feature in context if feature.column != INSTANT and feature.window is None)
        object.__setattr__(self, "context", context)
        object.__setattr__(self, "context_names", tuple(dict.fromkeys(told)))

    def context_columns(self, contexts: Sequence[Mapping[str, Any]]) -> Mapping[str, Column]:
        """Raw context columns of B requests from JSON values; what is absent is missing.

        Raises:
            RequestError: a value is not what the schema says; names field, value and what was wanted.
        """
        return columns_from_values(self.context, contexts) if any(contexts) else NOTHING

    @property
    def diversity_limits(self) -> tuple[float, float] | None:
        """The least and the most that a request may ask for; None where the selector knows no diversity."""
        return None if self.assembly is None else self.assembly.config.diversity_limits

    @property
    def explore_limits(self) -> tuple[float, float] | None:
        """The least and the most temperature that a request may ask for; None where the selector draws nothing."""
        return None if self.assembly is None else self.assembly.config.explore_limits

    @property
    def item_columns(self) -> tuple[str, ...]:
        """Raw columns that an item may bring to `with_items`.

        Raises:
            RequestError: this bundle takes no items.
        """
        return self._changeable()[2].columns

    @property
    def picture_columns(self) -> tuple[str, ...]:
        """Raw item columns that hold pictures."""
        images = (each.column for each in self.schema.of(Entity.ITEM) if each.kind is Kind.IMAGE)
        return tuple(dict.fromkeys(images))

    def with_items(self, items: Mapping[str, Values], cache: VectorCache | None = None) -> "Engine":
        """An engine in which these items are new or changed; this one stays as it is.

        Args:
            items: JSON values by raw column, by id. They are the whole item: what is absent is missing, also where an
                item of that id had a value before.
            cache: of vectors by content, for many items that may have been encoded before.

        Raises:
            RequestError: a value is not what the schema says, or this bundle takes no items; nothing is changed.
            EncoderError: the cache cannot be used.
        """
        stock, assembly, encoder = self._changeable()
        made = encoder(items, cache)
        stock = stock.with_items(made)
        return self._over(assembly.told(stock, stock.catalogue.rows(made.item_ids)), assembly)

    def check_item(self, item_id: str, values: Values) -> None:
        """Holds an item against the schema, without reading its words and pictures. Raises as `with_items` does."""
        self._changeable()[2].read({item_id: values})

    def without(self, item_ids: Sequence[str]) -> "Engine":
        """An engine that does not answer these items any more; unknown names are passed over.

        Raises:
            RequestError: this bundle takes no changes.
        """
        stock, assembly, _ = self._changeable()
        return self._over(stock.without(item_ids), assembly)

    def alone(self) -> "Engine":
        """This engine as it was trained, without what users did since and what others say of them, and at full size.

        To the same requests its answers are always the same.
        """
        if self.stock is None or self.assembly is None or self.users is None:
            return self
        live = MemoryState(StateConfig(length=1, counted=counted_types(())))
        users = UserHydrator(store=self.users.table, unknown=self.users.fitted.missing())
        state = LayeredState(base=self.users.past, live=live)
        return self._over(self.stock, replace(self.assembly, users=users, state=state, retrieval_share=1.0))

    def hiding(self, features: Collection[str], rows: Bools) -> "Engine":
        """An engine that lacks some content of some items, in what it searches, ranks and reads in histories.

        Args:
            features: names of content vectors of the catalogue.
            rows: bool [I], items that lose them.

        Raises:
            RequestError: this bundle cannot make item vectors.
            ValueError: the catalogue has no content vectors of such a name.
        """
        stock, assembly, encoder = self._changeable()
        return self._over(assembly.told(hidden_content(stock, encoder.vectors_of, features, rows)), assembly)

    @property
    def categories(self) -> ItemCategories:
        """Of the items."""
        return ItemCategories() if self.assembly is None else self.assembly.categories

    def trending(self, now: float, k: int, among: Bools) -> Trending:
        """The k items that are most in demand, by the positives of training and of everything since.

        Args:
            now: UTC seconds.
            k: items wanted.
            among: bool [I], the items that may be shown.

        Raises:
            RequestError: this engine counts nothing.
            Unavailable: the store does not answer.
        """
        if self.stock is None:
            raise RequestError(f"The bundle {self.name} counts no events; train it again to know what is trending.")
        return trending(self.stock, LiveDemand.of(self.catalogue, self.demand(now), now), k, among)

    def demand(self, now: float) -> tuple[Array, Array]:
        """Hashes of items and what their positive events weigh now, as in `StateStore.demand`. Raises Unavailable."""
        return self.state.demand(counted_types(self.schema.events.positives), now)

    def told(self, demand: tuple[Array, Array], now: float) -> "Engine":
        """An engine whose sources know what has been in demand; this one where that is nothing new.

        Args:
            demand: as `demand` has it.
            now: as of which it is so, UTC seconds.
        """
        if self.stock is None or self.assembly is None:
            return self
        live = LiveDemand.of(self.catalogue, demand, now)
        if not live.adds_to(self.stock.live, self.stock.counts):
            return self
        return self._over(replace(self.stock, live=live), self.assembly)

    def _over(self, stock: Stock, assembly: Assembly) -> "Engine":
        pipeline, retrieval = assembly.pipelines(stock)
        return replace(self, catalogue=stock.catalogue, pipeline=pipeline, retrieval=retrieval, stock=stock)

    def _changeable(self) -> tuple[Stock, Assembly, ItemEncoder]:
        if self.stock is None or self.assembly is None or self.assembly.encoder is None:
            raise RequestError(
                f"The bundle {self.name} takes no items: it lacks the item tower or its features (the parts 'item' and "
                "'features_item'). Train it again to get them."
            )
        return self.stock, self.assembly, self.assembly.encoder
