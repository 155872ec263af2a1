"""How well the whole funnel ranks on UCI Online Retail, beside every baseline, on one cut in time."""

import shutil
from collections.abc import Iterator
from dataclasses import replace

from rich.console import Console

from benchmarks.inputs import Inputs
from benchmarks.online_retail import read_online_retail
from benchmarks.result import Result
from winnow.data.split import split_from_dict
from winnow.engine.open_engine import open_engine
from winnow.evaluation.evaluate import evaluate
from winnow.evaluation.report import Report
from winnow.ops.progress_bars import progress_bars
from winnow.ops.train import train
from winnow.recipes.recipes import retail

GROUP = "online_retail"
QUALITY = True
DAYS = 14.0
METRICS, K = ("recall", "ndcg"), 10
TOLD = "winnow's recipe retail on UCI Online Retail, last 14 days of purchases held out, full ranking"


def rows(inputs: Inputs) -> Iterator[Result]:
    """Recall@10 and NDCG@10 of every model, masked and kept; of Winnow with its paired difference from each."""
    dataset, out = read_online_retail(inputs.data / "uci-online-retail"), inputs.cache / GROUP
    shutil.rmtree(out, ignore_errors=True)
    with progress_bars(Console(stderr=True)) as progress:
        bundle = train(dataset, replace(retail(), holdout_days=DAYS), out, progress)
        report = evaluate(open_engine(out), dataset, split_from_dict(bundle.manifest.split), progress=progress)
    yield from _figures(report)


def _figures(report: Report) -> Iterator[Result]:
    for row in report.rows:
        if row.metric in METRICS and (row.k, row.slice) == (K, "all"):
            how = f"{TOLD}, seen {row.seen}; [{row.low:.4f}, {row.high:.4f}]"
            if row.model == "winnow":
                how += _against(report, row.seen, row.metric)
            name = f"{GROUP}.{row.seen}.{row.model}.{row.metric}_at_{K}"
            yield Result(name=name, value=row.value, unit="share", better="higher", how=how)


def _against(report: Report, seen: str, metric: str) -> str:
    found = [row for row in report.differences if (row.seen, row.metric, row.k, row.slice) == (seen, metric, K, "all")]
    return "".join(f"; {row.value:+.4f} [{row.low:+.4f}, {row.high:+.4f}] over {row.model}" for row in found)
