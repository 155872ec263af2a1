import numpy as np
import pytest

from winnow.features.bucket_codes import BucketCodes
from winnow.features.cyclical_time import HourOfDay
from winnow.features.feature_words import UNKNOWN, feature_words
from winnow.features.fitted import FittedFeature, FittedFeatures
from winnow.features.fitted_transform import FittedTransform
from winnow.features.hash_codes import HashCodes
from winnow.features.scaled_number import ScaledNumber
from winnow.features.unit_vector import UnitVector
from winnow.features.vocabulary_codes import VocabularyCodes
from winnow.schema.column import Masked
from winnow.schema.feature import Entity

EVERY = {
    "hour": HourOfDay(),
    "country": VocabularyCodes(known=("DE", "FR")),
    "looks": UnitVector(width=2),
    "age": ScaledNumber(mean=40.0, deviation=10.0, log=False),
    "income": ScaledNumber(mean=9.0, deviation=2.0, log=True),
    "orders": BucketCodes(edges=(1.0, 5.0)),
    "street": HashCodes(buckets=50),
}


def told(transforms: dict[str, FittedTransform], values: dict[str, object]):
    features = tuple(FittedFeature(name=name, column=name, transform=each) for name, each in transforms.items())
    fitted = FittedFeatures(entity=Entity.USER, features=features)
    columns = {name: Masked(np.array([value]), np.array([True])) for name, value in values.items()}
    row = fitted.packed(columns, 1)
    return feature_words(fitted, row.codes[0], row.values[0])


def test_every_value_is_told_and_what_has_no_words_is_left_out():
    values = {"hour": 3600.0, "country": "FR", "age": 31.4, "income": 52_000.0, "orders": 3.0, "street": "High"}
    words = told(EVERY, values)
    assert words.pop("street").startswith("one of many values that share the code ")
    assert words == {"country": "FR", "age": 31.4, "income": 52_000.0, "orders": "1 to below 5"}


def test_what_is_missing_is_nothing():
    assert told(EVERY, {}) == dict.fromkeys(["country", "age", "income", "orders", "street"])


def test_what_training_did_not_know_is_told_so():
    assert told({"country": EVERY["country"]}, {"country": "IT"}) == {"country": UNKNOWN}


@pytest.mark.parametrize(("orders", "words"), [(0.0, "below 1"), (1.0, "1 to below 5"), (5.0, "5 or more")])
def test_a_range_is_told_by_its_edges(orders, words):
    assert told({"orders": EVERY["orders"]}, {"orders": orders}) == {"orders": words}
