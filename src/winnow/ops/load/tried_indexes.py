"""Which indexes are tried, and why not others."""

import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import get_args

import numpy as np

from winnow.engine.assembly import Assembly
from winnow.engine.engine import Engine
from winnow.engine.stock import Stock
from winnow.index.exact_index import EXACT
from winnow.index.hnsw_index import FAISS_HNSW
from winnow.index.index_config import IndexKind
from winnow.index.ivf_index import FAISS_IVF
from winnow.index.ivfpq_index import FAISS_IVFPQ
from winnow.ops.load.answer_agreement import K
from winnow.ops.load.indexed_bundle import IndexedBundle
from winnow.ops.load.known_visitors import requests_of
from winnow.schema.column import Array
from winnow.schema.errors import BundleError, RecipeError

FEWEST, MOST = 20_000, 200_000
"""Items between which other kinds are tried: fewer are all read in no time, more take minutes to index."""
RECIPE_KIND = MappingProxyType({EXACT: "exact", FAISS_IVF: "ivf", FAISS_IVFPQ: "ivfpq", FAISS_HNSW: "hnsw"})
SEARCH = "ann"


def tried_indexes(
    bundle: Path, folder: Path, engine: Engine, visitors: Sequence[str], few: int = FEWEST
) -> Iterator[IndexedBundle]:
    """The bundle as it is, and copies of it in a folder with the other kinds of index, if it is of a size for that.

    Args:
        bundle: that the engine was opened from.
        folder: where copies may be written.
        engine: of the bundle.
        visitors: whose queries others are tuned for.
        few: least items with which others are tried.
    """
    own = IndexedBundle.of(bundle, made_of(engine)[1])
    yield own
    if not few <= len(engine.catalogue) <= MOST:
        return
    queries = _queries(engine, visitors)
    for kind in get_args(IndexKind):
        if kind not in {"auto", RECIPE_KIND.get(own.card.kind)}:
            try:
                yield own.with_index(kind, queries, folder / kind)
            except RecipeError:
                continue  # it finds less than the recipe demands, so that nobody may choose it


def index_note(engine: Engine, visitors: Sequence[str]) -> str:
    """What the search is of a request, and which other indexes were tried."""
    stages = [engine.pipeline(each).trace.stages for each in requests_of(engine, visitors, K, time.time())]
    sources = {each.name for each in engine.pipeline.sources}  # the row of all of them holds their seconds, too
    search = np.median([sum(stage.seconds for stage in each if stage.name == SEARCH) for each in stages])
    whole = np.median([sum(stage.seconds for stage in each if stage.name not in sources) for each in stages])
    part = f"The search takes {search * 1e3:.2f} of the {whole * 1e3:.2f} ms of all stages"
    if len(engine.catalogue) < FEWEST:
        return f"{part}; other indexes are not tried below {FEWEST:,} items, which are all read as fast."
    if len(engine.catalogue) > MOST:
        return f"{part}; other indexes are not tried above {MOST:,} items, for they take minutes to build."
    return f"{part}; an index is chosen by `kind` of the recipe's `index`, and built by training."


def made_of(engine: Engine) -> tuple[Assembly, Stock]:
    """What an engine was put together from.

    Raises:
        BundleError: it does not say.
    """
    if engine.assembly is None or engine.stock is None:
        raise BundleError(f"The bundle {engine.name} does not say what its request path is made of; train it again.")
    return engine.assembly, engine.stock


def _queries(engine: Engine, visitors: Sequence[str]) -> Array:
    requests = requests_of(engine, visitors, K, time.time())
    return np.concatenate([engine.pipeline.candidates(each)[0].array("query") for each in requests])
