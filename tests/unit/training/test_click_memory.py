"""Training on impressions keeps them in files: what it holds in memory hardly grows with them."""

import tracemalloc
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from tests.unit.training import planted_impressions
from tests.unit.training.in_files import lies_in_a_file
from tests.unit.training.planted_impressions import CONFIG, drawn
from winnow.schema.progress import silent
from winnow.training import clicks, fit_outcome_heads, scratch
from winnow.training.click_batches import ClickBatches
from winnow.training.clicks import train_clicks
from winnow.training.impression_rows import impression_rows
from winnow.training.tastes import TastesConfig

SHOWN = 20_000
ONCE = replace(CONFIG, epochs=1, tastes=TastesConfig(rounds=1))
FIXED, A_ROW = 600_000, 12
"""Bytes that training may hold whatever the number of rows, and for each of them; the latest tenth, on which it
calibrates, is held at once."""


def batches(shown: int):
    made = replace(drawn(shown), propensities=np.random.default_rng(0).uniform(0.01, 1, shown))
    return planted_impressions.planted_impressions(made, lambda made: np.where(made.items % 2 == 0, 0.5, 0.1))[0]


def test_every_column_lies_in_a_file():
    made = batches(1_000)
    rows, shown = made.rows, made.shown
    columns = {name: getattr(rows, name) for name in rows.__slots__}
    contexts, events, _ = (columns.pop(name) for name in ("contexts", "events", "scratch"))
    columns |= {"codes": contexts.codes, "starts": events.starts, "ends": events.ends}
    columns |= {"table": shown.table, "place": shown.place}
    assert {name for name, each in columns.items() if not lies_in_a_file(each)} == set()


def peak_of(call: Callable[[], object]) -> int:
    """Most bytes that Python and NumPy hold at once beyond what there was before."""
    tracemalloc.start()
    call()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak


def test_a_row_more_takes_a_few_bytes_while_it_is_arranged_and_trained_on(monkeypatch):
    """What is held of some rows at a time is a constant; it is made small here."""
    for module, name in ((scratch, "ROWS_AT_ONCE"), (clicks, "AT_ONCE"), (fit_outcome_heads, "ENOUGH")):
        monkeypatch.setattr(module, name, 500)
    train_clicks(batches(500), np.arange(500), ONCE, 0, silent)  # what libraries keep from their first call is no row's
    peaks = dict[str, int]()

    def arranged(*told):
        found = []
        peaks["arranging"] = peak_of(lambda: found.append(impression_rows(*told)))
        return found[0]

    monkeypatch.setattr(planted_impressions, "impression_rows", arranged)
    made, every = batches(SHOWN), np.arange(SHOWN)
    peaks["counting"] = peak_of(lambda: ClickBatches.of(made.data, made.rows, ONCE, made.shown.last.until))
    peaks["training"] = peak_of(lambda: train_clicks(made, every, ONCE, 0, silent))
    assert {name: peak for name, peak in peaks.items() if peak > FIXED + A_ROW * SHOWN} == {}
