import numpy as np
import pyarrow as pa
import pytest

from winnow.data.click_split import split_clicks
from winnow.data.click_table import ClickTable
from winnow.data.click_table_form import ClickTableForm
from winnow.data.report import DataReport
from winnow.schema.errors import DataError


def table_of(label, at=None):
    count = len(label)
    form = ClickTableForm(numbers=("x",), categories=("a",), at=None if at is None else "at")
    return ClickTable(
        form=form,
        label=np.array(label, bool),
        numbers=np.arange(count, dtype=np.float32)[:, None],
        categories=pa.table({"a": pa.array([f"c{n}" for n in range(count)]).dictionary_encode()}),
        at=None if at is None else np.array(at, float),
        source="a test",
        report=DataReport(rows_read={"clicks": count}, rows_kept={"clicks": count}),
    )


def rows_of(part):
    assert part.categories["a"].to_pylist() == [f"c{row:g}" for row in part.numbers[:, 0]]
    return part.numbers[:, 0].astype(int).tolist()


def test_the_last_share_is_for_the_test():
    split = split_clicks(table_of([0, 1] * 5))
    assert (rows_of(split.train), split.validation, rows_of(split.test)) == ([*range(8)], None, [8, 9])
    assert split.warnings == ()
    assert np.shares_memory(split.train.numbers, split_clicks(split.train, test=0.25).train.numbers)


def test_the_last_share_of_the_rest_is_for_validation():
    split = split_clicks(table_of([0, 1] * 10), test=0.2, validation=0.25)
    assert [*map(rows_of, (split.train, split.validation, split.test))] == [
        [*range(12)],
        [*range(12, 16)],
        [*range(16, 20)],
    ]


def test_rows_with_instants_are_cut_in_the_order_of_time_and_ties_stay_as_they_were():
    split = split_clicks(table_of([1, 0, 1, 0], at=[5, 1, 5, 0]), test=0.5)
    assert (rows_of(split.train), rows_of(split.test)) == ([3, 1], [0, 2])
    assert (split.train.at.tolist(), split.test.label.tolist()) == ([0, 1], [True, True])


def test_a_part_of_one_class_is_warned_of_with_numbers():
    split = split_clicks(table_of([1] * 6 + [0, 1] + [0, 0]), validation=0.25)
    training, test = split.warnings
    assert training.startswith("None of the 6 rows of the training part is negative, so that it cannot tell a good")
    assert test.startswith("None of the 2 rows of the test part is positive, so that it cannot tell a good")


@pytest.mark.parametrize(
    ("shares", "sentence"),
    [
        ({"test": 0.0}, "The share for the test is 0 and"),
        ({"test": 1.0}, "wanted are a number above 0 and below 1"),
        ({"validation": -0.1}, r"the share for validation -0\.1"),
        ({"test": float("nan")}, "The share for the test is nan"),
        ({"test": 0.1}, "Of the 4 rows none is left for the test part"),
        ({"test": 0.9}, "none is left for the training part"),
        ({"test": 0.5, "validation": 0.1}, "none is left for the validation part"),
    ],
)
def test_shares_that_leave_a_part_without_rows_are_refused(shares, sentence):
    with pytest.raises(DataError, match=sentence):
        split_clicks(table_of([0, 1, 0, 1]), **shares)
