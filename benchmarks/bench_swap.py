"""Two workers under mixed load, and one bundle that takes over after the other without a pause."""

from collections.abc import Iterator

from benchmarks.inputs import Inputs
from benchmarks.result import Result
from benchmarks.soaked_retail import soaked_retail, told

GROUP = "swap"
QUALITY = False
SECONDS = 60.0


def rows(inputs: Inputs) -> Iterator[Result]:
    """Requests that failed."""
    found = soaked_retail(inputs, SECONDS, swap_s=0.0)
    how = f"{found.swaps} swaps one after the other in {SECONDS:.0f} s, {told(found)}"
    failed = float(len(found.failures))
    yield Result(name="swap.failed_requests", value=failed, unit="requests", better="lower", how=how)
