import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.serving.errors import ApiError
from winnow.serving.routes.instants import EARLIEST_S, instant

NOW = 1_800_000_000.0


def test_nothing_sent_is_now():
    assert instant(None, "at", NOW, 60.0) == NOW


@given(st.floats(EARLIEST_S, NOW + 60.0) | st.integers(EARLIEST_S, int(NOW)))
def test_an_instant_in_range_comes_back_as_it_was_sent(value):
    assert instant(value, "at", NOW, 60.0) == value


@given(
    st.one_of(
        st.booleans(),
        st.text(),
        st.lists(st.integers()),
        st.integers(max_value=EARLIEST_S - 1),
        st.integers(min_value=int(NOW) + 61),
        st.floats(min_value=NOW + 61.0, allow_infinity=False),
    )
)
def test_anything_else_is_refused_with_its_field(value):
    with pytest.raises(ApiError, match=r"^'at' is ") as caught:
        instant(value, "at", NOW, 60.0)
    assert (caught.value.status, caught.value.field) == (422, "at")


@pytest.mark.parametrize("value", [NOW * 1e3, NOW * 1e6, int(NOW) * 10**9])
def test_finer_units_are_recognised(value):
    with pytest.raises(ApiError, match="looks like milliseconds"):
        instant(value, "at", NOW, 60.0)
