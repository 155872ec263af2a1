"""What follows on a positive event is one too."""

from dataclasses import replace

import pytest

from tests.unit.data.conftest import SCHEMA
from winnow.data.positive_outcomes import positive_outcomes
from winnow.schema.schema import Events


@pytest.mark.parametrize(
    ("positives", "outcomes"),
    [
        (("click",), ("click", "cart", "purchase")),
        (("purchase",), ("purchase",)),
        (("view",), ("view", "click", "cart", "purchase")),
        (("purchase", "cart"), ("purchase", "cart")),
    ],
)
def test_what_follows_on_a_positive_is_one(positives, outcomes):
    assert positive_outcomes(replace(SCHEMA, events=Events(positives=positives))) == outcomes
