"""What became of a list."""

from winnow.ui.change import Change, Leader, leader_of
from winnow.ui.shown_item import ShownItem


def items(*told: str) -> list[ShownItem]:
    """Of words such as "a:hats"."""
    pairs = [each.split(":") for each in told]
    return [ShownItem(item_id=name, title=name, category=category) for name, category in pairs]


CHANGE = Change(before=items("a:hats", "b:hats", "c:shoes"), after=items("c:shoes", "d:shoes", "a:hats"))


def test_what_is_new_gone_and_moved_is_told_apart() -> None:
    assert [each.item_id for each in CHANGE.new] == ["d"]
    assert [each.item_id for each in CHANGE.gone] == ["b"]
    assert CHANGE.moves == {"c": 2, "a": -2}


def test_the_leading_category_shifts() -> None:
    assert CHANGE.leaders() == (Leader(category="hats", share=2 / 3), Leader(category="shoes", share=2 / 3))
    assert CHANGE.shares("shoes") == (1 / 3, 2 / 3)


def test_the_first_of_two_leaders_leads() -> None:
    assert leader_of(items("a:shoes", "b:hats")) == Leader(category="shoes", share=0.5)


def test_lists_without_items_or_categories_have_no_leader() -> None:
    assert leader_of([]) == leader_of(items("a:")) == Leader(category="", share=0.0)


def test_the_same_items_in_another_order_are_a_change() -> None:
    assert not Change(before=items("a:", "b:"), after=items("b:", "a:")).is_none
    assert Change(before=items("a:"), after=items("a:")).is_none
