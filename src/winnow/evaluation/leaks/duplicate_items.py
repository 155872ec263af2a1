"""Items that are one item under two names: who had the one is asked for the other."""

import numpy as np
import pyarrow as pa

from winnow.data.dataset import ITEM, Dataset
from winnow.evaluation.leaks.finding import MOST_ROWS, Finding
from winnow.schema.feature import Entity, Kind

CHECK = "duplicate items"
MOST_DUPLICATES = 0.01
"""Share of the items that may say the same as another."""
PLAIN = {Kind.CATEGORY, Kind.NUMBER, Kind.TIME, Kind.TEXT}


def duplicate_items(dataset: Dataset) -> Finding:
    """Ids that occur twice, which is a leak of rows into each other, or items whose title and columns are all equal.

    Where items have neither a title nor texts they are not compared: a category and a price are often equal.
    """
    items = dataset.items
    if (again := items.num_rows - len(items[ITEM].unique())) > 0:
        return Finding(check=CHECK, severity="leak", sentence=f"{again:,} of {items.num_rows:,} items repeat an id.")
    names, has_words = _compared(dataset)
    if not has_words:
        return Finding(check=CHECK, severity="none", sentence="Items have no title and no texts to be compared by.")
    numbered = items.select(names).append_column("row", pa.array(np.arange(items.num_rows)))
    groups = numbered.group_by(names).aggregate([("row", "count"), ("row", "min")]).sort_by("row_min")
    counts = np.asarray(groups["row_count"])
    alike = counts > 1
    share = counts[alike].sum() / max(1, items.num_rows)
    first = groups.filter(pa.array(alike)).slice(0, MOST_ROWS)
    ids = items[ITEM].take(first["row_min"]).to_pylist()
    words = first[names[0]].to_pylist()
    return Finding(
        check=CHECK,
        severity="warning" if share > MOST_DUPLICATES else "none",
        sentence=f"{counts[alike].sum():,} of {items.num_rows:,} items say the same as another in every column "
        f"({', '.join(names)}; {share:.1%}, up to {MOST_DUPLICATES:.0%} passes).",
        evidence=tuple(
            {ITEM: name, names[0]: word, "items": int(count)}
            for name, word, count in zip(ids, words, first["row_count"].to_pylist(), strict=True)
        ),
    )


def _compared(dataset: Dataset) -> tuple[list[str], bool]:
    """Columns of plain values, title and texts first, and whether there are any of these."""
    features = [each for each in dataset.schema.of(Entity.ITEM) if each.kind in PLAIN]
    texts = [dataset.schema.title, *(each.column for each in features if each.kind is Kind.TEXT)]
    words = [each for each in texts if each]
    columns = dict.fromkeys([*words, *(each.column for each in features)])
    return [each for each in columns if each in dataset.items.column_names and each != ITEM], bool(words)
