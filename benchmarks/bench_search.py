"""Searches for the 300 nearest items, one query and one thread, beside the fastest bare call."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.inputs import Inputs
from benchmarks.result import Result
from benchmarks.search_measure import SHARE_ALLOWED, SHARE_CHANGED, SHARE_GONE, SHARE_WANTED, Timing
from benchmarks.search_shops import SearchShop, retail_shop, simulated_shop
from winnow.bundle.bundle import Bundle

GROUP = "search"
QUALITY = False
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
STATES = {
    "plain": "",
    "mask": f"a mask that allows {SHARE_ALLOWED:.0%}",
    "delta": f"{SHARE_CHANGED:.1%} of the items changed since it was built",
    "tombstones": f"{SHARE_GONE:.0%} of the items withdrawn",
    "all": "the mask, the delta and the tombstones",
    "filter": f"a filter that lets {SHARE_WANTED:.1%} through, the delta and the tombstones",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One size of shop.

    Attributes:
        name: as in the rows.
        kinds: indexes that are measured besides the one that the recipe chooses.
        rounds: of a hundred searches, half of them bare.
    """

    name: str
    kinds: tuple[str, ...] = ()
    rounds: int = 20


CASES = (Case(name="2465"), Case(name="100k", kinds=("exact", "hnsw")), Case(name="1m", kinds=("ivf", "hnsw")))


def rows(inputs: Inputs) -> Iterator[Result]:
    """Medians over the fastest bare call, and recall, with masks, delta and tombstones."""
    for case in CASES:
        shop = retail_shop(inputs) if case.name == "2465" else simulated_shop(case.name, inputs)
        sizes = f"{_num_items(shop):,} items of {shop.told}, queries of held-out visitors, k=300, one query, one thread"
        for timing in measured(case, shop):
            yield from results(case.name, timing, sizes)


def measured(case: Case, shop: SearchShop) -> list[Timing]:
    """Every index in every state, from a process that has one thread."""
    arguments = [str(shop.bundle), str(shop.queries), ",".join(case.kinds), str(case.rounds)]
    command = [sys.executable, "-m", "benchmarks.search_measure", *arguments]
    told = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env={**os.environ, **ONE_THREAD})
    return [Timing(**json.loads(line)) for line in told.stdout.splitlines() if line.startswith("{")]


def results(size: str, timing: Timing, sizes: str) -> Iterator[Result]:
    """Rows of one index in one state."""
    kind = "" if timing.kind == "auto" else f".{timing.kind}"
    state = "" if timing.state == "plain" else f".{timing.state}"
    name = f"search.{size}{kind}{state}"
    asked = STATES[timing.state]
    how = f"{timing.setting}{', ' if asked else ''}{asked}; {sizes}"
    if timing.state == "filter":
        yield Result(name=f"{name}.p50_us", value=timing.us, unit="us", better="lower", how=how)
        least = f"rows that came back of those there are, up to 300, worst query; {how}"
        yield Result(name=f"{name}.found", value=timing.share_found, unit="share", better="higher", how=least)
    else:
        yield _against_bare(name, timing, how, in_us=size == "2465")
    if timing.setting != "all items":
        yield Result(name=f"{name}.recall", value=timing.recall, unit="share", better="higher", how=how)


def _against_bare(name: str, timing: Timing, how: str, *, in_us: bool) -> Result:
    pair = f"{timing.us:.1f} us against {timing.bare_us:.1f} us of the fastest bare call, {timing.bare}; {how}"
    if in_us:
        over = timing.us - timing.bare_us
        return Result(name=f"{name}.overhead_us", value=over, unit="us", better="lower", how=pair)
    return Result(name=f"{name}.ratio_to_bare", value=timing.us / timing.bare_us, unit="x", better="lower", how=pair)


def _num_items(shop: SearchShop) -> int:
    card = json.loads((Bundle.open(shop.bundle).part("index") / "index.json").read_text(encoding="utf-8"))
    return card["num_items"]
