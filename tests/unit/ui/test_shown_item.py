"""Items of any shop, as cards show them."""

from winnow.ui.shop import Shop
from winnow.ui.shown_item import ShownItem

SHOP = Shop(categories=("room", "made_of"), price="cost")


def test_an_item_is_shown_by_what_the_shop_says_of_its_columns() -> None:
    item = ShownItem.of(
        {"item_id": "a/b", "title": None, "category": "no", "room": "home", "cost": 3, "price": 4}, SHOP
    )
    assert (item.title, item.category, item.price) == ("a/b", "home", 3.0)
    assert (item.picture, item.page) == ("/pictures/a%2Fb", "/items/a%2Fb")
    assert ShownItem.of({"item_id": "a", "room": None, "made_of": "oak"}, SHOP).category == "oak"


def test_of_a_shop_that_nobody_knows_the_title_is_shown() -> None:
    item = ShownItem.of({"item_id": "1", "title": "Cap", "category": "hats", "price": 4}, Shop())
    assert (item.title, item.category, item.price) == ("Cap", "", None)


def test_letters_stand_for_a_picture() -> None:
    assert ShownItem(item_id="1", title="Blue - wool cap").initials == "BW"
    assert ShownItem(item_id="1", title="-").initials == ""
