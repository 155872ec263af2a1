"""Columns that say nothing are told of with numbers, and nothing is dropped for them."""

from dataclasses import replace

import pyarrow as pa
import pytest

from tests.unit.data.conftest import NOON, SCHEMA
from winnow.schema.feature import Entity, Feature, Kind
from winnow.schema.schema import Impressions
from winnow.schema.transform import ImageVector, Vocabulary

SHOWN = replace(SCHEMA, impressions=Impressions())
N = 12


def found_by(dataset, table):
    assert all(each.action == "kept" for each in dataset.report.findings)
    return [(each.problem, each.count, each.example) for each in dataset.report.findings if each.table == table]


def many(**columns):
    rows = {"sku": [f"i{n}" for n in range(N)], "price": list(range(N)), "name": ["an item"] * N}
    return pa.table({**rows, "look": [[1.0, float(n)] for n in range(N)], **columns})


def shown(outcomes):
    return pa.table(
        {
            "who": ["u0", "u1"] * (len(outcomes) // 2),
            "sku": ["i0", "i1"] * (len(outcomes) // 2),
            "when": [int(NOON) + n for n in range(len(outcomes))],
            "device": ["mobile", "tablet"] * (len(outcomes) // 2),
            "outcome": outcomes,
        }
    )


def test_a_column_that_is_all_missing_is_told_and_kept(validate, users):
    for user in users:
        user["age"] = None
    dataset = validate()
    assert found_by(dataset, "users") == [("rows have no value in 'age', which says nothing", 3, "age is missing")]
    assert dataset.users["age"].null_count == 3


@pytest.mark.parametrize(
    ("column", "value", "told"), [("price", 2.0, "2.0"), ("look", [1.0, 2.0], "[1.0, 2.0]"), ("price", "2", "2.0")]
)
def test_a_column_with_a_single_value_is_told_with_it(validate, column, value, told):
    problem = f"rows have the same value in '{column}', and no row has another"
    given = [None, *[value] * (N - 1)]
    assert found_by(validate(items=many(**{column: given})), "items") == [(problem, N - 1, f"{column}={told}")]


def test_long_values_that_differ_late_are_not_the_same(validate):
    feature = Feature(name="name", entity=Entity.ITEM, kind=Kind.CATEGORY, transform=Vocabulary())
    schema = replace(SCHEMA, features=(*SCHEMA.features, feature))
    names = ["x" * 100 + str(n % 2) for n in range(N)]
    assert not validate(schema, items=many(name=names)).report.findings
    (found,) = found_by(validate(schema, items=many(name=["x" * 100] * N)), "items")
    assert found[2] == f"name={'x' * 80}…"


def test_a_few_rows_that_are_the_same_are_no_wonder(validate, items):
    for item in items:
        item["price"] = 3.0
    assert not validate().report.findings


def test_columns_that_no_model_reads_may_say_nothing(validate):
    """A name is shown, and a feature without a transform as well."""
    features = tuple(replace(each, transform=None) if each.name == "price" else each for each in SCHEMA.features)
    assert not validate(replace(SCHEMA, features=features), items=many(price=[None] * N)).report.findings


def test_events_and_impressions_are_looked_at_each_by_itself(validate):
    table = shown(["click", None] * 6)
    dataset = validate(
        replace(SHOWN, events=replace(SHOWN.events, types={"click": "click", "looked": "view", "clicked": "click"})),
        impressions=table.set_column(3, "device", pa.array(["phone"] * N)),
    )
    problem = "rows have the same value in 'device', and no row has another"
    assert found_by(dataset, "impressions") == [(problem, N, "device=phone")]
    assert found_by(dataset, "events") == []


def test_values_that_a_vocabulary_has_no_place_for_are_counted(validate):
    feature = Feature(name="brand", entity=Entity.ITEM, kind=Kind.CATEGORY, transform=Vocabulary(max_size=2))
    schema = replace(SCHEMA, features=(*SCHEMA.features, feature))
    brands = ["a"] * 5 + ["b"] * 3 + ["c", "c", "d", None]
    told = (
        "rows have one of the 2 rarest of 4 values of 'brand'; the vocabulary of 'brand' holds 2 (max_size), and "
        "models read the others as unknown"
    )
    assert found_by(validate(schema, items=many(brand=brands)), "items") == [(told, 3, "brand=c")]
    roomy = replace(feature, transform=Vocabulary(max_size=4))
    assert not validate(replace(SCHEMA, features=(*SCHEMA.features, roomy)), items=many(brand=brands)).report.findings


@pytest.mark.parametrize(
    ("outcome", "problem", "example"),
    [
        ("none", "rows did not come to a click (click, cart, purchase) and none did", "outcome=nothing"),
        ("looked", "rows did not come to a click (click, cart, purchase) and none did", "outcome=view"),
        ("clicked", "rows came to a click (click, cart, purchase) and none did not", "outcome=click"),
    ],
)
def test_impressions_of_one_kind_are_told(validate, outcome, problem, example):
    schema = replace(SHOWN, events=replace(SCHEMA.events, positives=("click",)))
    told = f"{problem}, so that no click can be learned from them"
    assert found_by(validate(schema, impressions=shown([outcome] * 4)), "impressions") == [(told, 4, example)]


def test_impressions_of_both_kinds_are_not(validate):
    schema = replace(SHOWN, events=replace(SCHEMA.events, positives=("click",)))
    assert not validate(schema, impressions=shown(["clicked", "none"])).report.findings


def test_pictures_that_nobody_named_are_told(validate):
    feature = Feature(name="picture", entity=Entity.ITEM, kind=Kind.IMAGE, transform=ImageVector())
    schema = replace(SCHEMA, features=(*SCHEMA.features, feature))
    (found,) = found_by(validate(schema, items=many(picture=pa.nulls(N, pa.string()))), "items")
    assert found == ("rows have no value in 'picture', which says nothing", N, "picture is missing")
