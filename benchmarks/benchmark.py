"""The benchmarks there are: every module `benchmarks/bench_*.py`."""

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from benchmarks.inputs import Inputs
from benchmarks.refused import RefusedError
from benchmarks.result import Result


@dataclass(frozen=True, slots=True, kw_only=True)
class Benchmark:
    """What a module `bench_<name>.py` declares.

    Attributes:
        group: a part of its results' names, mostly the first (GROUP).
        quality: whether it trains, and so runs only with `make bench-quality` (QUALITY).
        measure: its function `rows`.
    """

    group: str
    quality: bool
    measure: Callable[[Inputs], Iterable[Result]]

    def results(self, inputs: Inputs) -> Iterator[Result]:
        """Measure, one result after the other.

        Raises:
            ValueError: if a name does not have the group before its last part; a group may be of several parts.
        """
        for result in self.measure(inputs):
            if f".{self.group}." not in f".{result.name}":
                raise ValueError(f"The result '{result.name}' is measured by the group '{self.group}'; name it so.")
            yield result


def discover(path: Iterable[str], package: str = "benchmarks") -> list[Benchmark]:
    """Every benchmark in the package's folders `path`, by module name."""
    names = sorted(each.name for each in pkgutil.iter_modules(path) if each.name.startswith("bench_"))
    modules = [importlib.import_module(f"{package}.{name}") for name in names]
    return [Benchmark(group=each.GROUP, quality=each.QUALITY, measure=each.rows) for each in modules]


def chosen(benchmarks: list[Benchmark], *, quality: bool, only: str | None) -> list[Benchmark]:
    """The fast ones or the long ones, and of these one group if `only` names it.

    Raises:
        RefusedError: if nothing is left; the message names the groups there are.
    """
    fitting = [each for each in benchmarks if each.quality is quality]
    kept = [each for each in fitting if only in {None, each.group}]
    if not kept:
        groups = ", ".join(sorted({each.group for each in fitting})) or "none"
        raise RefusedError(f"There is no group '{only}' to measure here; the groups are: {groups}.")
    return kept
