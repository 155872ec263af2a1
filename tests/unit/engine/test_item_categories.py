import numpy as np

from winnow.engine.item_categories import ItemCategories
from winnow.features.fitted import FittedFeature, FittedFeatures
from winnow.features.hash_codes import HashCodes
from winnow.features.scaled_number import ScaledNumber
from winnow.features.vocabulary_codes import VocabularyCodes
from winnow.schema.feature import Entity, Feature, Kind
from winnow.schema.schema import Schema
from winnow.schema.transform import HashBuckets, Standardise, Vocabulary


def categories() -> ItemCategories:
    """An id, a price, a hashed brand, and two categories with vocabularies."""
    kinds = {
        "id": (Kind.ID, Vocabulary(), VocabularyCodes(known=("red", "b"))),
        "price": (Kind.NUMBER, Standardise(), ScaledNumber(mean=0.0, deviation=1.0, log=False)),
        "brand": (Kind.CATEGORY, HashBuckets(buckets=4), HashCodes(buckets=4)),
        "colour": (Kind.CATEGORY, Vocabulary(), VocabularyCodes(known=("red", "blue"))),
        "shape": (Kind.CATEGORY, Vocabulary(), VocabularyCodes(known=("round", "red"))),
    }
    features = tuple(
        Feature(name=name, entity=Entity.ITEM, kind=kind, transform=transform)
        for name, (kind, transform, _) in kinds.items()
    )
    fitted = tuple(FittedFeature(name=name, column=name, transform=each) for name, (_, _, each) in kinds.items())
    return ItemCategories.of(Schema(features=features), FittedFeatures(entity=Entity.ITEM, features=fitted))


def test_categories_are_those_with_a_vocabulary_by_their_place_among_the_codes():
    assert categories().columns == (2, 3)
    assert categories().known == (("red", "blue"), ("round", "red"))


def test_an_item_has_a_value_in_whatever_feature_it_stands():
    codes = np.array([[2, 0, 2, 2], [2, 0, 3, 3], [2, 0, 3, 1], [2, 0, 0, 2]], np.int32)
    assert categories().having(codes, "red").tolist() == [True, True, False, False]
    assert categories().having(codes, "round").tolist() == [True, False, False, True]
    assert not categories().having(codes, "green").any()
    assert not ItemCategories().having(codes, "red").any()
