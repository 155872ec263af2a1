"""Who asks while a bundle is measured."""

import json
from dataclasses import replace

import pytest

from tests.unit.serving.small_engine import small_engine
from winnow.ops.load.known_visitors import asked_by, known_visitors
from winnow.schema.errors import RequestError


def test_a_session_asks_as_one():
    assert json.loads(asked_by("session:7", 3))["session_id"] == "7"
    assert json.loads(asked_by("session:7", 3))["user_id"] is None
    assert json.loads(asked_by("ann", 3))["user_id"] == "ann"
    assert json.loads(asked_by("ann", 3))["k"] == 3


def test_a_bundle_without_visitors_is_refused():
    with pytest.raises(RequestError, match="holds no visitors"):
        known_visitors(replace(small_engine(), users=None))
