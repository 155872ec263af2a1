"""A simulated shop, from nothing to files, in a process of its own."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq

from benchmarks.command import winnow
from benchmarks.inputs import Inputs
from benchmarks.result import Result

GROUP = "simulate"
QUALITY = False
RECIPES = ("published", "large")


def rows(inputs: Inputs) -> Iterator[Result]:
    """Seconds and peak memory of `winnow data simulate`; the shops are deleted again."""
    inputs.cache.mkdir(parents=True, exist_ok=True)
    for recipe in RECIPES:
        with tempfile.TemporaryDirectory(dir=inputs.cache) as scratch:
            out = Path(scratch) / "shop"
            start = time.perf_counter()
            usage = winnow("data", "simulate", "--recipe", recipe, "--out", out)
            seconds = time.perf_counter() - start
            how = f"winnow data simulate --recipe {recipe}, fresh process; {counts(out)}"
        name = f"simulate.{recipe}"
        yield Result(name=f"{name}.seconds", value=seconds, unit="s", better="lower", how=how)
        yield Result(name=f"{name}.peak_gb", value=usage.peak_bytes / 1e9, unit="GB", better="lower", how=how)


def counts(shop: Path) -> str:
    """How large a shop came out: users, items, days, events, impressions."""
    days = len(list((shop / "events").iterdir()))
    numbers = {"users": "users.parquet", "items": "items.parquet", "events": "events", "impressions": "impressions"}
    told = [f"{stored_rows(shop / file):,} {what}" for what, file in numbers.items()]
    return ", ".join([*told[:2], f"{days} days", *told[2:]])


def stored_rows(table: Path) -> int:
    """Rows of a Parquet file, or of all files of a folder."""
    files = table.iterdir() if table.is_dir() else (table,)
    return sum(pq.read_metadata(file).num_rows for file in files)
