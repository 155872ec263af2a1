from dataclasses import replace

import numpy as np
import pytest

from tests.unit.serving.small_engine import ALLOWED, ITEM_IDS, small_engine
from winnow.engine.canary_requests import answered, canary_requests
from winnow.engine.canary_set import FILE, CanarySet
from winnow.engine.trial import agreement, trial
from winnow.schema.errors import BundleError


@pytest.fixture
def engine():
    engine = small_engine()
    return replace(engine, canaries=answered(engine, canary_requests(engine, [{"device_type": "phone"}, {"x": 1}])))


def test_requests_ask_for_strangers_and_the_nameless_in_the_contexts_that_are_read(engine):
    canaries = engine.canaries
    assert canaries.users == (*(f"canary:nobody-{row}" for row in range(4)), *[""] * 4)
    assert canaries.contexts[:2] == ({"device_type": "phone"}, {"x": 1})
    assert [list(each) for each in canaries.answers] == [list(ALLOWED)] * 8


def test_a_set_comes_back_as_it_was_kept_and_damage_is_a_sentence(engine, tmp_path):
    engine.canaries.save(tmp_path)
    assert CanarySet.load(tmp_path) == engine.canaries
    (tmp_path / FILE).write_text('{"at": 1}')
    with pytest.raises(BundleError, match=r"canary requests in .* cannot be read"):
        CanarySet.load(tmp_path)


def test_an_engine_that_answers_as_in_training_passes(engine):
    assert trial(engine).startswith("8 canary requests are answered as in training: 100.0% of their items")
    assert "does not bring what the answers should be" in trial(replace(engine, canaries=None))


@pytest.mark.parametrize(
    ("change", "share"),
    [
        (lambda answer: {name: score + 0.1 for name, score in answer.items()}, 0),
        (lambda answer: {**answer, "x": 1}, 7 / 8),
    ],
)
def test_an_engine_that_answers_otherwise_is_refused(engine, change, share):
    expected = tuple(map(change, engine.canaries.answers))
    assert agreement(expected, engine.canaries.answers) == share
    with pytest.raises(BundleError, match=f"small-20261121-0001 answers otherwise .*: {share:.1%} of the items"):
        trial(replace(engine, canaries=replace(engine.canaries, answers=expected)))


def test_equals_may_change_places_and_processors_may_round_otherwise():
    assert agreement([{"a": 1.0, "b": 1.0}], [{"b": 1.0005, "a": 0.9995}]) == 1
    assert agreement([{"a": 1000.0}], [{"a": 1000.9}]) == 1
    assert agreement([{"a": 1.0}], [{"a": 1.01}]) == 0
    assert agreement([{}], [{"a": 1.0}]) == 1


def test_an_engine_with_nothing_to_show_is_refused(engine):
    empty = replace(engine.catalogue, allowed=np.zeros(len(ITEM_IDS), bool))
    with pytest.raises(BundleError, match="answers 0 of 8 canary requests with fewer than 10 items"):
        trial(replace(engine, canaries=None, catalogue=empty))


def test_a_context_that_the_bundle_does_not_read_any_more_is_a_sentence(engine):
    wrong = replace(engine.canaries, contexts=({"device_type": {}},) * 8)
    with pytest.raises(BundleError, match=r"cannot be asked its canary requests: .*device_type"):
        trial(replace(engine, canaries=wrong))
