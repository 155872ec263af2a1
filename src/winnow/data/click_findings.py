"""What is odd about a table of clicks as a whole, and does not keep it from being used."""

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa

from winnow.data.column_findings import column_findings, kept
from winnow.data.report import Finding
from winnow.data.typed_clicks import CLICKS
from winnow.schema.column import Bools, Floats


def click_findings(label: Bools, numbers: Floats, names: Sequence[str], categories: pa.Table) -> Iterator[Finding]:
    """One class only, columns that are all missing, and columns with a single value."""
    if label.all() or not label.any():
        problem = (
            f"rows have the label {int(label[0])} and none has {int(not label[0])}, so that there is nothing to learn"
        )
        yield kept(CLICKS, problem, len(label), f"label={int(label[0])}")
    for place, name in enumerate(names):
        present = numbers[:, place][~np.isnan(numbers[:, place])]
        distinct = present[:1] if len(present) and present.min() == present.max() else present[:2]
        yield from column_findings(CLICKS, name, len(label), len(present), [f"{each:g}" for each in distinct.tolist()])
    for name in categories.column_names:
        column = categories[name]
        distinct = column.unique().drop_null()
        yield from column_findings(
            CLICKS, name, len(label), len(column) - column.null_count, distinct.slice(0, 2).to_pylist()
        )
