import pytest

from benchmarks.result import Result


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_number_that_is_not_finite_is_not_a_result(value):
    with pytest.raises(ValueError, match="a published number is finite"):
        Result(name="a.b", value=value, unit="ms", better="lower", how="here")


def test_a_result_says_how_it_was_measured():
    with pytest.raises(ValueError, match=r"'a\.b' does not say how"):
        Result(name="a.b", value=1.0, unit="ms", better="lower", how="")
