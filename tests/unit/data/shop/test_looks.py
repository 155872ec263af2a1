from dataclasses import fields

import numpy as np
import pyarrow as pa

from winnow.data.shop.items import make_items
from winnow.data.shop.lexicon import COLOURS, MATERIALS, PATTERNS, STYLE_NAMES
from winnow.data.shop.look import Look
from winnow.data.shop.looks import LOOK_WORDS, looks_table
from winnow.data.shop.shop_spec import SIZES

ITEMS = make_items(SIZES["tiny"])
IDS = pa.array([f"i{row}" for row in range(len(ITEMS))])
LOOKS = looks_table(ITEMS, 0, IDS)


def test_looks_name_what_an_item_looks_like_and_nothing_else():
    assert LOOKS.column_names == ["item_id", "style", "colour", "material", "pattern", "shade", "seed"]
    assert {*LOOK_WORDS, "shade", "seed"} == {field.name for field in fields(Look)}
    for name, words in (("style", STYLE_NAMES), ("colour", COLOURS), ("material", MATERIALS), ("pattern", PATTERNS)):
        assert LOOKS[name].to_pylist() == [words[code] for code in getattr(ITEMS, name)]
    assert np.array_equal(LOOKS["shade"].to_numpy(), ITEMS.shade)
    assert LOOKS["item_id"].to_pylist() == IDS.to_pylist()


def test_looks_are_the_same_for_the_same_seed_and_every_item_has_a_seed_of_its_own():
    assert looks_table(ITEMS, 0, IDS).equals(LOOKS)
    assert len(set(LOOKS["seed"].to_pylist())) == len(ITEMS)
    assert looks_table(ITEMS, 1, IDS)["seed"].to_pylist() != LOOKS["seed"].to_pylist()
