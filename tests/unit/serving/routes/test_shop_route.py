from dataclasses import replace

import numpy as np
import pytest

from tests.unit.serving.conftest import KEY, Caller, caller_of
from tests.unit.serving.reranked_engine import reranked_engine
from tests.unit.serving.small_engine import small_engine
from winnow.api.limits import MAX_K, MAX_TOLD_VALUES
from winnow.data.dataset import AT
from winnow.engine.engine import Engine
from winnow.features.fitted import FittedFeature, FittedFeatures
from winnow.features.vocabulary_codes import VocabularyCodes
from winnow.pipeline.reranking_config import RerankingConfig
from winnow.schema.feature import Entity, Feature, Kind
from winnow.schema.schema import Schema
from winnow.schema.transform import CyclicalHour, TextVector, Vocabulary

ASK, SHOP = "/v1/recommendations", "/v1/shop"
FEATURES = (
    Feature(name="l1", column="department", entity=Entity.ITEM, kind=Kind.CATEGORY, card=True, filterable=True),
    Feature(name="price", entity=Entity.ITEM, kind=Kind.NUMBER, card=True),
    Feature(name="description", entity=Entity.ITEM, kind=Kind.TEXT, transform=TextVector(), card=True),
    Feature(name="secret", entity=Entity.ITEM, kind=Kind.CATEGORY, transform=Vocabulary()),
    Feature(name="device", column="device_type", entity=Entity.CONTEXT, kind=Kind.CATEGORY, transform=Vocabulary()),
    Feature(name="hour", column=AT, entity=Entity.CONTEXT, kind=Kind.TIME, transform=CyclicalHour()),
    Feature(name="shelf", entity=Entity.CONTEXT, kind=Kind.ID, transform=Vocabulary()),
)
KNOWN = {"device_type": ("mobile", "desktop"), "shelf": tuple(map(str, range(2 * MAX_TOLD_VALUES)))}


def opened(engine: Engine) -> Caller:
    return caller_of(engine, keys=(KEY,), Authorization=f"Bearer {KEY}")


def told(engine: Engine) -> dict:
    answer = opened(engine).get(SHOP)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.fixture
def engine() -> Engine:
    engine = reranked_engine()
    fitted = tuple(
        FittedFeature(name=name, column=name, transform=VocabularyCodes(known=known)) for name, known in KNOWN.items()
    )
    assert engine.assembly is not None
    words = np.zeros((len(engine.catalogue), 2), np.float32)
    return replace(
        engine,
        schema=Schema(features=FEATURES),
        catalogue=replace(engine.catalogue, vectors={"description": words}),
        assembly=replace(engine.assembly, context=FittedFeatures(entity=Entity.CONTEXT, features=fitted)),
    )


def test_cards_are_told_as_answers_hold_them_in_the_order_of_the_schema(engine):
    assert told(engine)["card"] == [
        {"name": "department", "kind": "category", "filterable": True},
        {"name": "price", "kind": "number", "filterable": False},
        {"name": "description", "kind": "text", "filterable": False},
    ]


def test_the_context_is_what_a_request_may_tell_with_the_values_that_are_known(engine):
    device, shelf = told(engine)["context"]
    assert device == {"name": "device_type", "kind": "category", "values": ["mobile", "desktop"]}
    assert (shelf["name"], shelf["values"]) == ("shelf", [*KNOWN["shelf"][:MAX_TOLD_VALUES]])
    caller = opened(engine)
    told_all = {each["name"]: each["values"][0] for each in (device, shelf)}
    assert caller.post(ASK, json={"context": told_all}).status_code == 200


def test_every_part_of_likeness_that_is_told_can_be_asked_for(engine):
    parts = told(engine)["likeness"]
    assert parts == [{"name": "behaviour", "kind": None}, {"name": "description", "kind": "text"}]
    mixed = opened(engine).get("/v1/items/item-0/similar", params={"by": ",".join(each["name"] for each in parts)})
    assert (mixed.status_code, mixed.json()["missing"]) == (200, ["description"])


@pytest.mark.parametrize(
    ("select", "name", "default"), [("mmr", "diversity", 0.4), ("dpp", "diversity", 0.4), ("sample", "explore", 2.0)]
)
def test_what_the_recipe_leaves_to_requests_is_told_and_kept_to(select, name, default):
    rules = RerankingConfig(diversity=0.4, diversity_limits=(0.25, 0.5), explore_limits=(0.25, 0.5))
    engine = reranked_engine(select=select, temperature=2.0, reranking=rules)
    answer, caller = told(engine), opened(engine)
    assert answer["select"] == select
    assert answer["limits"].pop("k") == {"min": 0, "max": MAX_K, "default": 10}
    assert answer["limits"].pop(name) == {"min": 0.25, "max": 0.5, "default": default}
    assert [*answer["limits"].values()] == [None]
    asked = {0.25: 200, 0.5: 200, 0.2: 422, 0.6: 422}
    assert {value: caller.post(ASK, json={name: value}).status_code for value in asked} == asked


def test_a_bundle_without_models_lets_nothing_be_turned():
    answer = told(small_engine())
    assert (answer["bundle"], answer["select"]) == ("small-20261121-0001", "score")
    assert (answer["limits"]["diversity"], answer["limits"]["explore"]) == (None, None)
    assert answer["context"] == [{"name": "device_type", "kind": "category", "values": []}]


def test_it_is_open_to_whom_recommendations_are():
    assert caller_of(small_engine(), keys=(KEY,)).get(SHOP).status_code == 200
    assert caller_of(small_engine(), keys=(KEY,), address="192.0.2.7").get(SHOP).status_code == 401
