from dataclasses import replace

import pyarrow as pa

from winnow.data.dataset import Dataset


def with_items(dataset: Dataset, items: pa.Table) -> Dataset:
    return replace(dataset, items=items)


def test_the_digest_is_of_what_tables_say_and_not_of_how_arrow_stores_it(validate, items):
    items[1]["price"] = items[2]["look"] = items[3]["name"] = None
    dataset = validate()
    table = dataset.items
    in_chunks = pa.concat_tables([table.slice(0, 1), table.slice(1, 0), table.slice(1)])
    padded = pa.concat_tables([table, table]).combine_chunks().slice(2, 6).take([2, 3, 4, 5])
    assert with_items(dataset, in_chunks).digest == dataset.digest
    assert with_items(dataset, padded).digest == dataset.digest


def test_any_change_of_a_value_changes_the_digest(validate, users, items, events):
    digests = {validate().digest}
    for rows, column, value in (
        (users, "age", None),
        (items, "price", 7.0),
        (items, "look", [1.0, 9.0]),
        (items, "name", "Item"),
        (events, "when", events[0]["when"] + 1),
        (events, "device", "tablet"),
        (events, "device", None),
    ):
        rows[0][column] = value
        digests.add(validate().digest)
    assert len(digests) == 8


def test_text_that_moves_from_one_row_to_the_next_changes_the_digest(validate, items):
    items[0]["name"], items[1]["name"] = "ab", "c"
    one = validate().digest
    items[0]["name"], items[1]["name"] = "a", "bc"
    assert validate().digest != one
