from dataclasses import replace

import numpy as np
import pytest

from tests.unit.serving.small_engine import small_engine
from winnow.schema.column import Masked
from winnow.schema.errors import RequestError
from winnow.schema.feature import Entity, Feature, Kind
from winnow.schema.schema import Schema
from winnow.schema.transform import Bucketise, CyclicalHour, CyclicalWeekday, Standardise, Vocabulary

SCHEMA = Schema(
    features=(
        Feature(name="age", entity=Entity.USER, kind=Kind.NUMBER, transform=Standardise()),
        Feature(name="price", entity=Entity.ITEM, kind=Kind.NUMBER, transform=Standardise()),
        Feature(name="hour", entity=Entity.CONTEXT, kind=Kind.TIME, transform=CyclicalHour(), column="at"),
        Feature(name="weekday", entity=Entity.CONTEXT, kind=Kind.TIME, transform=CyclicalWeekday(), column="at"),
        Feature(name="device", entity=Entity.CONTEXT, kind=Kind.CATEGORY, transform=Vocabulary(), column="device_type"),
        Feature(name="basket", entity=Entity.CONTEXT, kind=Kind.NUMBER, transform=Standardise()),
        Feature(
            name="basket_size",
            entity=Entity.CONTEXT,
            kind=Kind.NUMBER,
            transform=Bucketise(edges=(5.0,)),
            column="basket",
        ),
    )
)
ENGINE = replace(small_engine(), schema=SCHEMA)


def test_a_request_may_tell_the_raw_columns_of_its_context_each_once_and_not_the_instant():
    assert ENGINE.context_names == ("device_type", "basket")
    assert replace(ENGINE, schema=Schema(features=())).context_names == ()


def test_contexts_become_columns_and_what_is_absent_is_missing():
    columns = ENGINE.context_columns([{"device_type": "phone", "basket": 12}, {"device_type": None}, {}])
    basket, device = columns["basket"], columns["device_type"]
    assert isinstance(basket, Masked)
    assert isinstance(device, Masked)
    assert basket.present.tolist() == device.present.tolist() == [True, False, False]
    assert (basket.values[0], device.values[0]) == (12, "phone")


@pytest.mark.parametrize("contexts", [[], [{}], [{}, {}]])
def test_where_nobody_tells_anything_all_columns_are_absent(contexts):
    assert ENGINE.context_columns(contexts) == {}


@pytest.mark.parametrize(
    ("context", "words"),
    [
        ({"device_type": ["phone"]}, r"context field 'device_type' is \['phone'\]; text or a number is wanted"),
        ({"basket": "full"}, "context field 'basket' is 'full'; a number is wanted"),
        ({"basket": float("inf")}, "a finite number is wanted"),
    ],
)
def test_a_value_of_the_wrong_kind_is_a_sentence(context, words):
    with pytest.raises(RequestError, match=words):
        ENGINE.context_columns([context])


def test_a_context_that_is_whole_needs_no_mask():
    np.testing.assert_array_equal(ENGINE.context_columns([{"basket": 1}, {"basket": 2}])["basket"], [1.0, 2.0])
