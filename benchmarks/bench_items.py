"""What is known of 300 candidates, gathered from the catalogue in memory, and nothing else of a request."""

from collections.abc import Iterator

import numpy as np

from benchmarks.inputs import Inputs
from benchmarks.measure import latencies_ms
from benchmarks.result import Result
from benchmarks.workload import workload_of
from winnow.engine.open_engine import open_engine
from winnow.pipeline.candidates import Candidates
from winnow.pipeline.hydrators import ItemHydrator

GROUP = "items"
QUALITY = False
CANDIDATES = 300
WARM_UP, ROUNDS = 200, 50


def rows(inputs: Inputs) -> Iterator[Result]:
    """Median of one look-up of all features and vectors of the candidates of a request."""
    catalogue = open_engine(inputs.bundle).catalogue
    hydrator, requests = ItemHydrator(catalogue=catalogue), workload_of(inputs.retail).request(0)
    generator = np.random.default_rng(0)
    drawn = [np.sort(generator.choice(len(catalogue), CANDIDATES, replace=False)) for _ in range(100)]
    asked = [Candidates(item_rows=rows, offsets=np.array([0, CANDIDATES])) for rows in drawn]
    taken = latencies_ms(
        lambda number: hydrator.columns(requests, asked[number % len(asked)]),
        warm_up=WARM_UP,
        rounds=ROUNDS,
        label="items",
    )
    widths = [catalogue.codes.shape[1], catalogue.values.shape[1], catalogue.tower.shape[1]]
    vectors = "/".join(str(each.shape[1]) for each in catalogue.vectors.values())
    how = (
        f"{CANDIDATES} of {len(catalogue):,} items, drawn anew each time: {widths[0]} codes, {widths[1]} values, a "
        f"tower vector of {widths[2]} and content vectors of {vectors or 'none'}; {ROUNDS * 100:,} times, one thread"
    )
    yield Result(name="items.lookup_300.cache_ms", value=float(np.median(taken)), unit="ms", better="lower", how=how)
