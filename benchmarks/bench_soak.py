"""Two workers under mixed load for half an hour, and a bundle that takes over again and again."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.inputs import Inputs
from benchmarks.result import Result
from benchmarks.soak import Soaked, SoakPlan, soak
from benchmarks.state_users import state_server
from benchmarks.workload import workload_of
from winnow.bundle.registry import Registry
from winnow.engine.open_engine import open_engine
from winnow.ops.load.service_process import service_process

GROUP = "soak"
QUALITY = True
KEY = "a-key-of-the-benchmarks"
NAMES = ("one", "other")
SECONDS, SWAP_SECONDS = 1800.0, 60.0
TENTH = 0.1


def rows(inputs: Inputs) -> Iterator[Result]:
    """Failures, and how latency and memory grow; then failures while swaps follow each other without a pause."""
    engine, users = open_engine(inputs.bundle), workload_of(inputs.retail).user_ids
    items = engine.catalogue.item_ids
    values = {name: value for name, value in _card(engine.catalogue.cards[0], engine.item_columns).items() if value}
    plan = SoakPlan(seconds=SECONDS, bundles=NAMES, users=users, items=items, values=values)
    quick = SoakPlan(seconds=SWAP_SECONDS, bundles=NAMES, users=users, items=items, values=values, swap_s=0.0)
    with (
        state_server(inputs.cache, appendonly="yes", appendfsync="everysec") as server,
        registry_of(inputs.bundle, inputs.cache) as registry,
        service_process(registry, KEY, WINNOW_VALKEY_URL=server.url, WINNOW_WORKERS="2") as service,
    ):
        yield from _swap_rows(soak(service, KEY, quick))
        yield from _soak_rows(soak(service, KEY, plan))


@contextmanager
def registry_of(bundle: Path, cache: Path) -> Iterator[Path]:
    """A registry of two copies of a bundle."""
    with TemporaryDirectory(dir=cache) as folder:
        for name in NAMES:
            shutil.copytree(bundle, Path(folder) / name)
        Registry(Path(folder)).promote(NAMES[0])
        yield Path(folder)


def _card(card: Mapping[str, Any], columns: tuple[str, ...]) -> Mapping[str, Any]:
    return {name: card.get(name) for name in columns}


def _swap_rows(found: Soaked) -> Iterator[Result]:
    how = f"{found.swaps} swaps one after the other in {SWAP_SECONDS:.0f} s, {_meanwhile(found)}"
    yield Result(
        name="swap.failed_requests", value=float(len(found.failures)), unit="requests", better="lower", how=how
    )


def _soak_rows(found: Soaked) -> Iterator[Result]:
    how = f"{SECONDS:.0f} s with {found.swaps} swaps, one each 20 s, {_meanwhile(found)}"
    yield Result(
        name="soak.failed_requests", value=float(len(found.failures)), unit="requests", better="lower", how=how
    )
    for name, unit, figure in (("p99", "ms", found.p99_ms), ("memory", "MB", found.memory_mb)):
        # The first tenth is left out, in which caches fill.
        early, late = figure(TENTH, 2 * TENTH), figure(1 - TENTH, 1)
        told = f"{early:.4g} {unit} in the second tenth of the time, {late:.4g} in the last; {how}"
        yield Result(name=f"soak.{name}_growth", value=late / early, unit="times", better="lower", how=told)


def _meanwhile(found: Soaked) -> str:
    return (
        f"{len(found.taken):,} requests for items by 2 callers, {found.clicks:,} clicks and {found.changes} changes of "
        "an item meanwhile; the retail bundle, 2 workers, state on a Valkey server on the same cores, everysec"
    )
