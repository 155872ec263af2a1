"""Requests to a bundle of a million items: in process beside the floor, what their searches find, start and memory."""

from collections.abc import Iterator

import numpy as np

from benchmarks.active_users import ActiveUsers
from benchmarks.inputs import Inputs
from benchmarks.refused import RefusedError
from benchmarks.result import Result
from benchmarks.search_shops import simulated_shop
from benchmarks.serve_measure import active_users, in_process_rows, process_rows
from benchmarks.workload import sizes, workload_of_engine
from winnow.bundle.bundle import Bundle
from winnow.engine.engine import Engine
from winnow.engine.open_engine import open_engine
from winnow.index.exact_index import search_exactly
from winnow.index.index_card import IndexCard
from winnow.index.recall import recall
from winnow.schema.column import Array

GROUP = "serve.1m"
QUALITY = False


def rows(inputs: Inputs) -> Iterator[Result]:
    """As `serve`, without HTTP; and the recall of the searches of the very requests that are timed."""
    shop = simulated_shop("1m", inputs)
    engine = open_engine(shop.bundle)
    card = IndexCard.load(Bundle.open(shop.bundle).part("index"))
    workload = workload_of_engine(engine)
    users = active_users(workload, engine, shop.data)
    large = f"{sizes(engine, workload)}; index {card.kind}, search recall {card.recall:.4f} when built; {shop.told}"
    landing = _queries(engine, users)
    yield from in_process_rows(GROUP, engine, users, large)
    yield _recall("recall", engine, _queries(engine, users), f"the requests of {users.told}; {large}")
    yield _recall("landing.recall", engine, landing, f"what the same users are found when they land; {large}")
    yield from process_rows(GROUP, shop.bundle, users, large)


def _queries(engine: Engine, users: ActiveUsers) -> Array:
    """float32 [U, D], what a request of each of U users searches for, with what is known of them by now."""
    asked = (users.workload.request(number) for number in range(len(users.user_ids)))
    return np.concatenate([engine.pipeline.candidates(each)[0].array("query") for each in asked])


def _recall(name: str, engine: Engine, queries: Array, told: str) -> Result:
    """Of as many items as a request searches for, the share of the truly nearest."""
    if engine.stock is None:
        raise RefusedError("The engine does not say what it searches; open it from a bundle.")
    quota = next(each.quota for each in engine.pipeline.sources if each.name == "ann")
    found = np.concatenate([engine.stock.index.search(each[None], quota)[0] for each in queries])
    truth, _ = search_exactly(engine.catalogue.tower, queries, quota)
    least = min(recall(found[[place]], truth[[place]]) for place in range(len(queries)))
    how = f"share of the {quota} nearest items, mean of {len(queries)} searches, {least:.3f} in the worst; {told}"
    return Result(name=f"{GROUP}.{name}", value=recall(found, truth), unit="share", better="higher", how=how)
