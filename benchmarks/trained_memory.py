"""How much memory training the click model takes: a process of its own, since what was freed may stay with one."""

import gc
import json
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event, Thread

import numpy as np
import pyarrow as pa

from winnow.data.dataset import Dataset
from winnow.data.open_dataset import open_dataset
from winnow.data.split import train_events
from winnow.features.encoders.vector_cache import VectorCache
from winnow.ops.click_part import training_clicks
from winnow.recipes.recipes import demo
from winnow.schema.progress import silent
from winnow.training.clicks import train_clicks
from winnow.training.clicks_config import ClicksConfig
from winnow.training.contents import encode_contents
from winnow.training.tastes import TastesConfig
from winnow.training.training_set import training_set

SHORT = replace(ClicksConfig(), epochs=1, tastes=TastesConfig(rounds=1))
"""Passes and rounds come one after the other, in the same memory."""
SAMPLED_S = 0.005


@dataclass(slots=True, kw_only=True)
class Peak:
    """Bytes of anonymous memory: what the block began with, and the most that it had at any sample."""

    before: int
    most: int


def main(shop: Path, times: int, folder: Path) -> None:
    """Trains on the log of a shop with every impression so many times; prints what it took as JSON.

    Args:
        shop: folder of the data set, its content vectors beside it.
        times: copies of each row, side by side.
        folder: of the columns.
    """
    with watched() as reading:
        dataset = repeated(open_dataset(shop), times)
    split = demo().split(dataset)
    contents = encode_contents(dataset, demo().encoders, VectorCache(file=shop.with_suffix(".arrow")), silent)
    data = training_set(dataset, train_events(dataset, split), contents, silent)
    gc.collect()
    with watched() as training:
        batches = training_clicks(dataset, split, data, SHORT, folder)
        if batches is None or dataset.impressions is None:
            raise ValueError(f"The shop {shop} has no impressions to learn from; simulate it again.")
        train_clicks(batches, np.arange(len(batches.rows)), SHORT, 0, silent)
    told = {
        "rows": len(batches.rows),
        "bytes": training.most - training.before,
        "logged": dataset.impressions.num_rows,
        "log_bytes": dataset.impressions.nbytes,
        "reading_bytes": reading.most - reading.before,
    }
    sys.stdout.write(f"{json.dumps(told)}\n")


def repeated(dataset: Dataset, times: int) -> Dataset:
    """The data set with every impression so many times."""
    if dataset.impressions is None or times == 1:
        return dataset
    rows = pa.array(np.repeat(np.arange(dataset.impressions.num_rows), times))
    return replace(dataset, impressions=dataset.impressions.take(rows))


@contextmanager
def watched() -> Generator[Peak]:
    """Samples the anonymous memory of this process while the block runs."""
    peak, done = Peak(before=anonymous_bytes(), most=0), Event()

    def sample() -> None:
        while not done.wait(SAMPLED_S):
            peak.most = max(peak.most, anonymous_bytes())

    thread = Thread(target=sample)
    thread.start()
    try:
        yield peak
    finally:
        done.set()
        thread.join()
        peak.most = max(peak.most, anonymous_bytes())


def anonymous_bytes() -> int:
    """RssAnon of this process: what no file stands behind."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    told = dict(line.split(":", 1) for line in lines)
    return int(told["RssAnon"].split()[0]) * 1024


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
