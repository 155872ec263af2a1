"""Impressions are read as events are, with an outcome that may be nothing."""

from dataclasses import replace

import pyarrow as pa
import pytest

from tests.unit.data.conftest import NOON, SCHEMA
from winnow.data.open_dataset import open_dataset
from winnow.data.write_dataset import write_dataset
from winnow.schema.errors import DataError, SchemaError
from winnow.schema.feature import Entity, Feature, Kind
from winnow.schema.schema import Impressions

SHOWN = replace(SCHEMA, impressions=Impressions(outcome="came", nothing="ignored", position="slot"))
INF, NAN = float("inf"), float("nan")
WITH_CHANCES = replace(SHOWN, impressions=replace(SHOWN.impressions, propensity="chance"))
CHANCES = [0.25, None, 1.0, 0.001]


def shown(**columns):
    rows = {
        "who": ["u0", "u0", "u1", "u2"],
        "sku": ["i0", "i1", "i2", "i3"],
        "when": [int(NOON) + n for n in (3, 1, 2, 0)],
        "device": ["mobile", None, "mobile", "tablet"],
        "came": ["clicked", "ignored", None, "looked"],
        "slot": [1, 2, 1, 3],
    }
    return pa.table({**rows, **columns})


def test_they_come_in_order_of_time_with_outcomes_in_our_words(validate):
    table = validate(SHOWN, impressions=shown()).impressions
    assert table["item_id"].to_pylist() == ["i3", "i1", "i2", "i0"]
    assert table["outcome"].to_pylist() == ["view", None, None, "click"]
    assert table["position"].to_pylist() == [3.0, 2.0, 1.0, 1.0]
    assert table["device"].to_pylist() == ["tablet", None, "mobile", "mobile"]


def test_without_a_table_there_are_none_and_the_digest_is_what_it_was(validate):
    assert validate().impressions is None
    assert validate().digest != validate(SHOWN, impressions=shown()).digest
    assert validate(SHOWN, impressions=shown()).digest != validate(SHOWN, impressions=shown(slot=[1, 2, 1, 4])).digest


def test_an_outcome_without_a_meaning_is_dropped_and_counted(validate):
    dataset = validate(SHOWN, impressions=shown(came=["clicked", "clikced", None, "looked"]))
    assert dataset.impressions.num_rows == 3
    (found,) = (each for each in dataset.report.findings if each.table == "impressions")
    assert found.problem == "rows have an outcome without a meaning (clikced 1)"
    assert found.action == "dropped"


def test_when_most_outcomes_have_no_meaning_the_data_is_refused(validate):
    with pytest.raises(DataError, match=r"3 of 4 rows have an outcome without a meaning \(1 2, 0 1\).*events.types"):
        validate(SHOWN, impressions=shown(came=["1", "0", None, "1"]))


@pytest.mark.parametrize("slot", [[0, 1, 2, 3], ["1", "first", "2", "3"], [-1.0, 1.0, None, 2.0]])
def test_a_place_that_is_none_is_refused(validate, slot):
    with pytest.raises(DataError, match="1 of 4 values of 'slot' are no places on a page"):
        validate(SHOWN, impressions=shown(slot=slot))


def test_rows_of_unknown_items_without_visitor_or_repeated_are_dropped(validate):
    dataset = validate(SHOWN, impressions=pa.concat_tables([shown(), shown(), shown(sku=["i9", "i1", "i2", "i3"])]))
    assert dataset.impressions.num_rows == 4
    problems = [each.problem for each in dataset.report.findings if each.table == "impressions"]
    assert problems == [
        "rows name an item that the items table does not have",
        "rows repeat the user, item and time of an earlier row",
    ]


def test_a_missing_column_is_named_with_the_setting_that_wants_it(validate):
    with pytest.raises(DataError, match=r"no column 'slot', which the schema names under impressions\.position"):
        validate(SHOWN, impressions=shown().drop_columns(["slot"]))


@pytest.mark.parametrize("column", ["came", "slot", "chance"])
def test_what_is_known_only_later_cannot_be_context(column):
    later = Feature(name="later", entity=Entity.CONTEXT, kind=Kind.NUMBER, column=column)
    with pytest.raises(SchemaError, match=f"'later' reads the column '{column}'.*nothing of that is known"):
        replace(WITH_CHANCES, features=(*SHOWN.features, later))


def test_propensities_come_in_order_of_time_and_what_is_missing_stays_missing(validate):
    dataset = validate(WITH_CHANCES, impressions=shown(chance=CHANCES))
    assert dataset.impressions["propensity"].to_pylist() == [0.001, None, 1.0, 0.25]
    assert dataset.schema.impressions.propensity == "propensity"


def test_a_propensity_that_is_not_named_is_not_read(validate):
    dataset = validate(SHOWN, impressions=shown(chance=CHANCES))
    assert dataset.impressions.column_names == validate(SHOWN, impressions=shown()).impressions.column_names
    assert dataset.digest == validate(SHOWN, impressions=shown()).digest


def test_other_propensities_give_another_digest(validate):
    one, other = (
        validate(WITH_CHANCES, impressions=shown(chance=each)).digest for each in (CHANCES, [*CHANCES[:3], 0.002])
    )
    assert one != other


@pytest.mark.parametrize(
    ("chance", "wrong"),
    [([0, 0.1, 1, None], 1), ([0.5, "often", "0.2", "n/a"], 1), ([-0.1, 1.5, 0.1, None], 2), ([0.1, 1.0, 1, INF], 1)],
)
def test_a_propensity_that_is_no_probability_is_refused(validate, chance, wrong):
    chance = [each if each is None else str(each) for each in chance]
    said = f"{wrong} of 4 values of 'chance' are no probabilities.*Write numbers above 0 and at most 1"
    with pytest.raises(DataError, match=said):
        validate(WITH_CHANCES, impressions=shown(chance=chance))


@pytest.mark.parametrize("chance", [[0.5, NAN, 1.0, None], ["0.5", " NaN", "1", ""]])
def test_a_propensity_that_is_nan_is_refused_and_one_that_is_missing_is_not(validate, chance):
    """Arrow's own way from pandas writes null for it; what is left is a division by zero in somebody's log."""
    wrong = pa.array(chance, from_pandas=False)
    with pytest.raises(DataError, match=r"1 of 4 values of 'chance' are no probabilities.*or leave them empty"):
        validate(WITH_CHANCES, impressions=shown(chance=wrong))
    mended = [None if each in {NAN, " NaN"} else each for each in chance]
    assert validate(WITH_CHANCES, impressions=shown(chance=mended)).impressions["propensity"].null_count == 2


def test_a_missing_column_of_propensities_is_named_with_the_setting_that_wants_it(validate):
    with pytest.raises(DataError, match=r"no column 'chance', which the schema names under impressions\.propensity"):
        validate(WITH_CHANCES, impressions=shown())


@pytest.mark.parametrize("schema", [SHOWN, WITH_CHANCES])
def test_written_and_opened_they_are_the_same(validate, tmp_path, schema):
    dataset = validate(schema, impressions=shown(chance=CHANCES))
    write_dataset(dataset, tmp_path / "out")
    again = open_dataset(tmp_path / "out")
    assert again.digest == dataset.digest
    assert again.schema == dataset.schema
    assert again.impressions.equals(dataset.impressions)
    assert again.report.rows_kept["impressions"] == 4
