"""What is known of 300 candidates, and nothing else of a request: from the catalogue in memory, and from Feast."""

from collections.abc import Iterator, Sequence
from importlib.metadata import version

import numpy as np

from benchmarks.feast_items import feast_items
from benchmarks.inputs import Inputs
from benchmarks.measure import latencies_ms
from benchmarks.result import Result
from benchmarks.workload import workload_of
from winnow.engine.open_engine import open_engine
from winnow.pipeline.candidates import Candidates
from winnow.pipeline.catalogue import Catalogue
from winnow.pipeline.hydrators import ItemHydrator
from winnow.schema.column import Array
from winnow.stores.feature_table import FeatureTable, item_table

GROUP = "items"
QUALITY = False
CANDIDATES = 300
WARM_UP, ROUNDS = 200, 50
FEAST_WARM_UP, FEAST_ROUNDS = 20, 3


def rows(inputs: Inputs) -> Iterator[Result]:
    """Medians of one look-up of all that is known of the candidates of a request."""
    engine = open_engine(inputs.bundle)
    catalogue, generator = engine.catalogue, np.random.default_rng(0)
    drawn = [np.sort(generator.choice(len(catalogue), CANDIDATES, replace=False)) for _ in range(100)]
    yield _cached(inputs, catalogue, drawn)
    table = item_table(engine.schema)
    if table is not None:
        asked = [[catalogue.item_ids[row] for row in rows.tolist()] for rows in drawn]
        yield _from_feast(inputs, table, asked, on_redis=True)
        yield _from_feast(inputs, table, asked, on_redis=False)


def _cached(inputs: Inputs, catalogue: Catalogue, drawn: Sequence[Array]) -> Result:
    hydrator, requests = ItemHydrator.of(catalogue), workload_of(inputs.retail).request(0)
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
    return Result(name="items.lookup_300.cache_ms", value=float(np.median(taken)), unit="ms", better="lower", how=how)


def _from_feast(inputs: Inputs, table: FeatureTable, asked: Sequence[Sequence[str]], *, on_redis: bool) -> Result:
    """The raw columns only: what models read must be made of them, and vectors would come on top."""
    with feast_items(inputs, on_redis=on_redis) as repository:
        taken = latencies_ms(
            lambda number: repository.online(table, asked[number % len(asked)]),
            warm_up=FEAST_WARM_UP,
            rounds=FEAST_ROUNDS,
            label="feast",
        )
    store, name = ("Redis on the loopback", "feast") if on_redis else ("a SQLite file", "feast_sqlite")
    how = (
        f"the same {CANDIDATES} items from Feast {version('feast')} on {store}, one call: "
        f"{len(table.columns)} raw columns and no vectors; {FEAST_ROUNDS * 100:,} times, one thread"
    )
    return Result(name=f"items.lookup_300.{name}_ms", value=float(np.median(taken)), unit="ms", better="lower", how=how)
