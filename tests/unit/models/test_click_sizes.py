"""What a recipe may say of the click model."""

import pytest

from winnow.models.click_sizes import ClickSizes
from winnow.schema.errors import RecipeError


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"kind": "wide"}, "has the kind 'wide'; the kinds are dlrm, dcn, deep_fm"),
        ({"kind": None}, "has the kind None; the kinds are"),
        ({"dim": 0}, "has dim 0; a whole number above 0 is wanted"),
        ({"bottom": (128, 0)}, "has bottom 0; a whole number above 0"),
        ({"top": (64, -1)}, "has top -1"),
        ({"top": (64.5,)}, r"has top 64\.5"),
        ({"top": ()}, "top has no layers; give at least one"),
        ({"crosses": 0}, "has crosses 0"),
        ({"history": -1}, "has history -1; a whole number from 0 is wanted"),
        ({"history": 2.5}, r"has history 2\.5; a whole number from 0"),
        ({"history": True}, "has history True"),
    ],
)
def test_sizes_that_no_model_can_have_are_refused(wrong: dict[str, object], message: str):
    with pytest.raises(RecipeError, match=message):
        ClickSizes(**wrong)


def test_by_default_it_is_a_dlrm_without_a_history():
    assert (ClickSizes().kind, ClickSizes().history) == ("dlrm", 0)
