"""Two workers under mixed load for half an hour, and a bundle that takes over again and again."""

from collections.abc import Iterator

from benchmarks.inputs import Inputs
from benchmarks.result import Result
from benchmarks.soaked_retail import soaked_retail, told

GROUP = "soak"
QUALITY = True
SECONDS, SWAP_S = 1800.0, 20.0
TENTH = 0.1


def rows(inputs: Inputs) -> Iterator[Result]:
    """Failures, and how latency and memory grow."""
    found = soaked_retail(inputs, SECONDS, SWAP_S)
    how = f"{SECONDS:.0f} s with {found.swaps} swaps, one each {SWAP_S:.0f} s, {told(found)}"
    failed = float(len(found.failures))
    yield Result(name="soak.failed_requests", value=failed, unit="requests", better="lower", how=how)
    for name, unit, figure in (("p99", "ms", found.p99_ms), ("memory", "MB", found.memory_mb)):
        # The first tenth is left out, in which caches fill.
        early, late = figure(TENTH, 2 * TENTH), figure(1 - TENTH, 1)
        grown = f"{early:.4g} {unit} in the second tenth of the time, {late:.4g} in the last; {how}"
        yield Result(name=f"soak.{name}_growth", value=late / early, unit="times", better="lower", how=grown)
