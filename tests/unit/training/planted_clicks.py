"""Tables of clicks whose chances are known."""

import numpy as np
import pyarrow as pa

from winnow.calibration.sigmoid import sigmoid
from winnow.data.click_table import ClickTable
from winnow.data.click_table_form import ClickTableForm
from winnow.data.report import DataReport


def click_table(label, numbers, categories) -> ClickTable:
    """Args: numbers: float [N, F]. categories: int [N, K]."""
    names, columns = [f"n{place}" for place in range(numbers.shape[1])], np.asarray(categories).T
    coded = {f"c{place}": pa.array([f"v{each}" for each in column]) for place, column in enumerate(columns)}
    return ClickTable(
        form=ClickTableForm(numbers=tuple(names), categories=tuple(coded)),
        label=np.asarray(label, bool),
        numbers=np.asarray(numbers, np.float32),
        categories=pa.table({name: each.dictionary_encode() for name, each in coded.items()}),
        at=None,
        source="a test",
        report=DataReport(rows_read={"clicks": len(label)}, rows_kept={"clicks": len(label)}),
    )


def planted_clicks(rows: int, seed: int, *, meeting: float) -> tuple[ClickTable, np.ndarray]:
    """Clicks by a number, a category, and whether two other categories meet; and the log-odds that they were drawn by.

    Args:
        rows: how many.
        seed: of all that is drawn.
        meeting: log-odds that the meeting adds or takes, in half of all pairs each; no category tells of it alone.
    """
    generator = np.random.default_rng(seed)
    numbers, codes = generator.exponential(size=(rows, 2)), generator.integers(0, 4, (rows, 3))
    met = np.where((codes[:, 1] + codes[:, 2]) % 2 == 0, 1.0, -1.0)
    logits = 0.8 * np.log1p(numbers[:, 0]) + 0.5 * (codes[:, 0] - 1.5) + meeting * met - 0.5
    return click_table(generator.random(rows) < sigmoid(logits), numbers, codes), logits
