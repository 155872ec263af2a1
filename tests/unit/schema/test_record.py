"""Classes of values: what a type checker is told of them, and what Python makes of them."""

from dataclasses import replace

import pytest

from winnow.pipeline.candidates import Candidates
from winnow.schema.column import Ragged
from winnow.schema.record import record


@record()
class Price:
    amount: float
    currency: str = "EUR"


def test_type_checkers_are_told_that_values_are_frozen_and_fields_have_names():
    told = record.__dataclass_transform__
    # Python 3.11 keeps what it does not know among the others.
    frozen = told["frozen_default"] if "frozen_default" in told else told["kwargs"]["frozen_default"]
    assert (frozen, told["kw_only_default"]) == (True, True)


def test_fields_are_given_by_name_have_defaults_and_compare():
    assert Price(amount=2.5) == Price(amount=2.5, currency="EUR")
    assert replace(Price(amount=2.5), amount=3.0) == Price(amount=3.0)
    with pytest.raises(TypeError, match="positional"):
        Price(2.5)


@pytest.mark.parametrize("kind", [Price, Ragged, Candidates])
def test_a_value_has_its_fields_and_no_room_for_others(kind: type):
    with pytest.raises(AttributeError):
        object.__new__(kind).anything = 1
