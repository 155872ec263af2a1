"""What each item looks like: a small table, from which its picture can be drawn at any time."""

import numpy as np
import pyarrow as pa

from winnow.data.dataset import ITEM
from winnow.data.shop.items import Items
from winnow.data.shop.lexicon import COLOURS, MATERIALS, PATTERNS, STYLE_NAMES
from winnow.data.shop.row_draws import RowDraws

LOOKS_FILE = "looks.parquet"
LOOK_WORDS = {"style": STYLE_NAMES, "colour": COLOURS, "material": MATERIALS, "pattern": PATTERNS}


def looks_table(items: Items, seed: int, item_ids: pa.Array) -> pa.Table:
    """A row for each item: `item_id`, the words of LOOK_WORDS, `shade` (-1 dark to 1 light), `seed` (uint32).

    Args:
        items: the items.
        seed: of the shop.
        item_ids: text [I], their names.
    """
    words = {
        name: pa.DictionaryArray.from_arrays(pa.array(getattr(items, name).astype(np.int8)), pa.array(list(known)))
        for name, known in LOOK_WORDS.items()
    }
    seeds = (RowDraws(seed, "looks", len(items)).bits() >> np.uint64(32)).astype(np.uint32)
    return pa.table({ITEM: item_ids, **words, "shade": items.shade, "seed": seeds})
