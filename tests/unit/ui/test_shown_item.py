"""Items of any shop, as cards show them."""

from winnow.ui.shown_item import ShownItem


def test_an_item_of_another_shop_has_its_own_columns() -> None:
    item = ShownItem.of({"item_id": "a/b", "title": None, "category_l1": "home", "price": 3})
    assert (item.title, item.category, item.price) == ("a/b", "home", 3.0)
    assert (item.picture, item.page) == ("/pictures/a%2Fb", "/items/a%2Fb")


def test_letters_stand_for_a_picture() -> None:
    assert ShownItem(item_id="1", title="Blue - wool cap").initials == "BW"
    assert ShownItem(item_id="1", title="-").initials == ""
