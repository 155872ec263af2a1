import pyarrow as pa
import pytest

from winnow.data.id_spelling import spelling_hint, without_zero_fraction


def column(*values):
    return pa.chunked_array([pa.array(values, pa.string())])


@pytest.mark.parametrize(
    ("unknown", "known"),
    [("98.0", "98"), ("98", "98.00"), ("007", "7"), ("U1", "u1"), (" a ", "a"), ("00.0", "0"), ("X05.0", "x05")],
)
def test_an_id_that_is_known_in_another_spelling_is_shown_with_it(unknown, known):
    hint = spelling_hint(column("gone", None, unknown), column("b", known))
    assert hint == f" ('{unknown}' may be its '{known}')"


def test_ids_that_nobody_knows_get_no_hint():
    assert spelling_hint(column("98.5", "u1", None), column("98", "u2")) == ""
    assert spelling_hint(column(), column("98")) == ""


def test_whole_floats_lose_their_zeros_when_all_are_such():
    assert without_zero_fraction(column("98.0", None, "-7.00", "0.0")).to_pylist() == ["98", None, "-7", "0"]


@pytest.mark.parametrize("values", [("98.0", "98.5"), ("98.0", "a"), ("98", "99"), ("007.0",), (None,), ()])
def test_other_ids_stay_as_they_are(values):
    assert without_zero_fraction(column(*values)) is None
