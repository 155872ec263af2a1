"""The main job, from raw files to a verified bundle, in a process of its own."""

import shutil
import time
from collections.abc import Iterator

from benchmarks.command import winnow
from benchmarks.inputs import Inputs, check_quality
from benchmarks.result import Result
from benchmarks.workload import sizes, workload_of
from winnow.engine.open_engine import open_engine

GROUP = "train"
QUALITY = True


def rows(inputs: Inputs) -> Iterator[Result]:
    """Minutes and peak memory of `winnow train --recipe retail`; a bundle below its bar yields nothing."""
    out = inputs.cache / "retail"
    shutil.rmtree(out, ignore_errors=True)
    start = time.perf_counter()
    usage = winnow("train", "--recipe", "retail", "--data", inputs.retail, "--out", out)
    minutes = (time.perf_counter() - start) / 60
    check_quality(out)
    what = "winnow train --recipe retail on the Retail Demo Store data, raw files to verified bundle, fresh process"
    how = f"{what}; {sizes(open_engine(out), workload_of(inputs.retail))}"
    yield Result(name="train.retail.minutes", value=minutes, unit="min", better="lower", how=how)
    yield Result(name="train.retail.peak_gb", value=usage.peak_bytes / 1e9, unit="GB", better="lower", how=how)
