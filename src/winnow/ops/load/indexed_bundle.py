"""A bundle with another index, to see what a service would do with it."""

import shutil
from dataclasses import dataclass, replace
from pathlib import Path

from winnow.bundle.bundle import Bundle
from winnow.bundle.writer import writing_bundle
from winnow.engine.stock import Stock
from winnow.index.build_index import build_index
from winnow.index.index_card import IndexCard
from winnow.index.index_config import IndexConfig, IndexKind
from winnow.schema.column import Array

INDEX = "index"


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexedBundle:
    """A bundle, and the items with the index that it has.

    Attributes:
        path: of the bundle.
        stock: as an engine over it has it.
        card: what the index says of itself.
    """

    path: Path
    stock: Stock
    card: IndexCard

    @staticmethod
    def of(path: Path, stock: Stock) -> "IndexedBundle":
        """A bundle as it is."""
        return IndexedBundle(path=path, stock=stock, card=IndexCard.load(Bundle.open(path).part(INDEX)))

    def with_index(self, kind: IndexKind, queries: Array, target: Path) -> "IndexedBundle":
        """A copy in another place whose index is of this kind.

        Args:
            kind: of the index.
            queries: float32 [Q, D], real ones, for which it is tuned.
            target: what the copy becomes; nothing is there yet.

        Raises:
            RecipeError: the index finds less than the recipe demands.
        """
        bundle = Bundle.open(self.path)
        floor = IndexConfig.from_dict(bundle.manifest.recipe.get(INDEX, {})).recall_floor
        index = build_index(self.stock.catalogue.tower, queries, IndexConfig(kind=kind, recall_floor=floor))
        recipe = {**bundle.manifest.recipe, INDEX: {"kind": kind, "recall_floor": floor}}
        with writing_bundle(target) as writer:
            for name in bundle.manifest.parts:
                if name != INDEX:
                    shutil.copytree(bundle.part(name), writer.folder / name)
            index.save(writer.part(INDEX))
            writer.seal_space(bundle.manifest.space_id)
            writer.finish(replace(bundle.manifest, recipe=recipe, parts=writer.parts()))
        return IndexedBundle.of(target, replace(self.stock, index=index))
