"""How the memory that training the click model takes grows with the impressions."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from rich.console import Console

from benchmarks.inputs import Inputs
from benchmarks.result import Result
from benchmarks.shown_in_shop import planted_in, shown_in, simulated_shop
from winnow.ops.progress_bars import progress_bars

GROUP = "train.memory"
QUALITY = True
ONCE, OFTEN = 1, 4
"""Copies of each impression."""
MIB = 2**20


def rows(inputs: Inputs) -> Iterator[Result]:
    """Anonymous memory of training on a shop's impressions and on four times as many, and what a row more takes."""
    with progress_bars(Console(stderr=True)) as progress:
        dataset = simulated_shop(inputs.cache, 0, progress)
        shown_in(dataset, *planted_in(dataset, progress), progress)
    few, many = (trained(Path(dataset.source), times, inputs.cache) for times in (ONCE, OFTEN))
    yield from results(few, many)


def trained(shop: Path, times: int, cache: Path) -> Mapping[str, int]:
    """What a process found that trained on so many copies of each impression; see `trained_memory`."""
    with tempfile.TemporaryDirectory(dir=cache) as folder:
        command = [sys.executable, "-m", "benchmarks.trained_memory", str(shop), str(times), folder]
        return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def results(few: Mapping[str, int], many: Mapping[str, int]) -> Iterator[Result]:
    """The figures of two such processes."""
    what = "peak of anonymous memory (RssAnon, every 5 ms) over that before it, while the click model is trained on"
    for name, told in (("once", few), ("four_times", many)):
        how = f"{what} {told['rows']:,} impressions of a shop as the demo's, data set and features not counted"
        yield Result(name=f"{GROUP}.{name}_mib", value=told["bytes"] / MIB, unit="MiB", better="lower", how=how)
    more = (many["bytes"] - few["bytes"]) / (many["rows"] - few["rows"])
    between = f"what each of the {many['rows'] - few['rows']:,} rows more took of it; their columns lie in files"
    yield Result(name=f"{GROUP}.bytes_a_row", value=more, unit="bytes", better="lower", how=between)
    log = few["log_bytes"] / few["logged"]
    held = f"what the data set itself holds in memory for each of its {few['logged']:,} impressions, in Arrow"
    yield Result(name=f"{GROUP}.log_bytes_a_row", value=log, unit="bytes", better="lower", how=held)
    read = few["reading_bytes"] / few["logged"]
    peak = "peak of anonymous memory while that data set is read and checked, everything in it, for each impression"
    yield Result(name=f"{GROUP}.reading_bytes_a_row", value=read, unit="bytes", better="lower", how=peak)
