import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from winnow.engine.outside_users import OutsideUsers
from winnow.features.fitted import FittedFeature, FittedFeatures
from winnow.features.scaled_number import ScaledNumber
from winnow.features.vocabulary_codes import VocabularyCodes
from winnow.schema.errors import Unavailable
from winnow.schema.feature import Entity, Feature, Kind
from winnow.schema.schema import Schema
from winnow.schema.transform import FIRST_CODE, MISSING_CODE, Standardise, Vocabulary
from winnow.stores.user_table import UserTable

SCHEMA = Schema(
    features=(
        Feature(name="land", entity=Entity.USER, kind=Kind.CATEGORY, transform=Vocabulary()),
        Feature(name="age", entity=Entity.USER, kind=Kind.NUMBER, transform=Standardise()),
    )
)
FITTED = FittedFeatures(
    entity=Entity.USER,
    features=(
        FittedFeature(name="land", column="land", transform=VocabularyCodes(known=("de", "fr"))),
        FittedFeature(name="age", column="age", transform=ScaledNumber(mean=30.0, deviation=10.0, log=False)),
    ),
)
MISSING = FITTED.missing()
TABLE = UserTable(
    user_ids=("ann",),
    codes=np.concatenate([np.array([[FIRST_CODE]], np.int32), MISSING.codes]),
    values=np.concatenate([np.array([[-1.0, 0.0]], np.float32), MISSING.values]),
)


@dataclass(frozen=True)
class Outside:
    said: dict[str, Any]

    def rows(self, user_ids: Sequence[str], within_s: float = math.inf):
        if within_s < 1:
            raise Unavailable("There is no time.")
        if self.said is None:
            raise Unavailable("The store is down.")
        return [self.said.get(each) for each in user_ids]


def read(said, *user_ids):
    return OutsideUsers(store=Outside(said), schema=SCHEMA, fitted=FITTED, known=TABLE).read(user_ids)


def test_what_is_said_outside_goes_through_the_features_of_the_bundle():
    codes, values = read({"zoe": {"land": "fr", "age": 50.0}, "eve": {"land": None, "age": None}}, "zoe", "eve")
    assert codes.tolist() == [[FIRST_CODE + 1], [MISSING_CODE]]
    assert values.tolist() == [[2.0, 0.0], MISSING.values[0].tolist()]


def test_whom_nobody_describes_there_is_read_from_the_bundle_or_missing():
    codes, values = read({"zoe": {"land": "de", "age": 30.0}}, "nobody", "ann", "zoe", "")
    assert codes.tolist() == [[MISSING_CODE], [FIRST_CODE], [FIRST_CODE], [MISSING_CODE]]
    assert values[:, 0].tolist() == [MISSING.values[0, 0], -1.0, 0.0, MISSING.values[0, 0]]
    assert (codes.dtype, values.dtype) == (np.int32, np.float32)


def test_what_is_said_outside_comes_before_what_the_bundle_knows_even_where_it_is_nothing():
    codes, _ = read({"ann": {"land": None, "age": 1.0}}, "ann")
    assert codes.tolist() == [[MISSING_CODE]]
    assert TABLE.codes[0].tolist() == [FIRST_CODE]


def test_the_store_has_the_time_of_the_caller():
    users = OutsideUsers(store=Outside({}), schema=SCHEMA, fitted=FITTED, known=TABLE)
    assert len(users.read(["ann"], 1.5)[0]) == 1
    with pytest.raises(Unavailable, match="There is no time"):
        users.read(["ann"], 0.5)


def test_a_store_that_is_down_or_talks_nonsense_is_unavailable():
    with pytest.raises(Unavailable, match="The store is down"):
        read(None, "ann")
    with pytest.raises(Unavailable, match="a number is wanted"):
        read({"ann": {"land": "de", "age": "old"}}, "ann")


def test_what_is_known_of_somebody_is_in_no_log_line_and_in_no_trace(caplog):
    with pytest.raises(Unavailable) as raised:
        read({"ann": {"land": "de", "age": "secret"}}, "ann")
    told = str(raised.value)
    assert "The user field 'age' cannot be read; a number is wanted." in told
    assert "The user field 'age'" in caplog.text
    assert raised.value.__suppress_context__
    assert "secret" not in told + caplog.text
