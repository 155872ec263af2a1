"""Requests in process to a bundle whose click model attends to what its user did, in a shop that logs what it shows."""

from collections.abc import Iterator
from pathlib import Path

from rich.console import Console

from benchmarks.history_recipe import LAST_EVENTS
from benchmarks.inputs import Inputs, trained_once
from benchmarks.result import Result
from benchmarks.serve_measure import active_users, in_process_rows
from benchmarks.shown_in_shop import CACHE, simulated_shop
from benchmarks.workload import sizes, workload_of
from winnow.engine.open_engine import open_engine
from winnow.ops.progress_bars import progress_bars

GROUP = "serve.history"
QUALITY = False
RECIPE = f"{Path(__file__).with_name('history_recipe.py')}:demo_with_history"


def rows(inputs: Inputs) -> Iterator[Result]:
    """Median and 99th percentile beside the floor, as `serve` has them of the retail bundle."""
    with progress_bars(Console(stderr=True)) as progress:
        simulated_shop(inputs.cache, 0, progress)
    shop = inputs.cache / CACHE / "shop-0"
    bundle = trained_once(RECIPE, shop, inputs.cache / "history")
    engine, workload = open_engine(bundle), workload_of(shop)
    told = f"{sizes(engine, workload)}; the demo's shop, a click model that attends to the last {LAST_EVENTS} events"
    yield from in_process_rows(GROUP, engine, active_users(workload, engine, shop), told)
