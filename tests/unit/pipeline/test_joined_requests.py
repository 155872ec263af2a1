"""A batch of single requests holds what each of them held."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from tests.unit.pipeline.tables import ragged_of, requests_of
from winnow.pipeline.joined_requests import joined_requests
from winnow.pipeline.requests import Requests
from winnow.schema.column import Masked, Ragged


def single(number: int, *, full: bool) -> Requests:
    """The n-th request; a full one says all that a request can say."""
    asked = replace(
        requests_of([f"user-{number}"], k=number, exclude=[[number, number + 1]], seeds=[7 * number]),
        request_ids=(f"r{number}",),
        at=np.array([1e9 + number]),
        context={"device": np.array(["phone"], object)},
    )
    if not full:
        return replace(asked, context={"device": Masked(np.array([None], object), np.array([False]))})
    return replace(
        asked,
        filters=(np.arange(4) == number,),
        shown=ragged_of([[3, -1]]),
        diversity=np.array([number / 10]),
        explore=np.array([number / 5]),
    )


def same(one: object, other: object) -> bool:
    if isinstance(one, Ragged) and isinstance(other, Ragged):
        return one.values.tolist() == other.values.tolist() and one.offsets.tolist() == other.offsets.tolist()
    if isinstance(one, Masked) and isinstance(other, Masked):
        return one.values.tolist() == other.values.tolist() and one.present.tolist() == other.present.tolist()
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return one.dtype == other.dtype and one.tolist() == other.tolist()
    return one == other


@pytest.mark.parametrize("fullness", list(product([True, False], repeat=3)))
def test_each_request_is_in_the_batch_as_it_was_alone(fullness):
    parts = [single(number, full=full) for number, full in enumerate(fullness)]
    joined = joined_requests(parts)
    assert joined.request_ids == ("r0", "r1", "r2")
    for number, part in enumerate(parts):
        alone = joined.take(np.array([number]))
        for name in ("request_ids", "user_ids", "at", "k", "exclude", "seeds"):
            assert same(getattr(alone, name), getattr(part, name)), name
        assert alone.earlier(0).tolist() == part.earlier(0).tolist()
        assert [each is None for each in alone.filters] in ([], [not part.filters])
        if part.filters:
            assert same(alone.filters[0], part.filters[0])
        for name in ("diversity", "explore"):
            own, asked = getattr(alone, name), getattr(part, name)
            assert own is None if not any(fullness) else (np.isnan(own[0]) if asked is None else same(own, asked)), name
        device = alone.context["device"]
        values, present = (device.values, device.present) if isinstance(device, Masked) else (device, [True])
        assert (list(values), list(present)) == ((["phone"], [True]) if part.filters else ([None], [False]))


def test_a_column_in_which_nothing_is_missing_stays_plain():
    joined = joined_requests([single(0, full=True), single(1, full=True)])
    assert same(joined.context["device"], np.array(["phone", "phone"], object))


@pytest.mark.parametrize("number", [0, 1])
def test_what_one_of_them_does_not_tell_is_missing_there(number):
    parts = [
        replace(single(place, full=True), context={} if place == number else {"n": np.ones(1)}) for place in (0, 1)
    ]
    told = joined_requests(parts).context["n"]
    assert isinstance(told, Masked)
    assert told.present.tolist() == [number == 1, number == 0]
    assert told.values[1 - number] == 1
