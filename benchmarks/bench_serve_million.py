"""Requests to a bundle of a million items: in process beside the floor, start and memory."""

from collections.abc import Iterator

from benchmarks.inputs import Inputs
from benchmarks.result import Result
from benchmarks.search_shops import simulated_shop
from benchmarks.serve_measure import active_users, in_process_rows, process_rows
from benchmarks.workload import sizes, workload_of_engine
from winnow.bundle.bundle import Bundle
from winnow.engine.open_engine import open_engine
from winnow.index.index_card import IndexCard

GROUP = "serve.1m"
QUALITY = False


def rows(inputs: Inputs) -> Iterator[Result]:
    """As `serve`, without HTTP."""
    shop = simulated_shop("1m", inputs)
    engine = open_engine(shop.bundle)
    card = IndexCard.load(Bundle.open(shop.bundle).part("index"))
    workload = workload_of_engine(engine)
    users = active_users(workload, engine)
    found = f"{sizes(engine, workload)}; index {card.kind}, search recall {card.recall:.4f}; {shop.told}"
    yield from in_process_rows(GROUP, engine, users, found)
    yield from process_rows(GROUP, shop.bundle, users, found)
