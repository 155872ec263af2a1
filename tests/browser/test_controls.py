"""The drawer of controls, in a real browser."""

import re

from playwright.sync_api import Page, expect

from tests.browser.drawer import unfold
from tests.browser.shown import shown


def opened(page: Page, address: str) -> list[str | None]:
    """The list of the page at an address, whose drawer is open, all of it."""
    page.goto(address)
    before = shown(page)
    unfold(page)
    return before


def choose(page: Page, label: str, value: str) -> None:
    page.get_by_label(label, exact=True).click()
    page.get_by_role("option", name=value).click()


def test_another_device_changes_what_a_cold_user_sees(page: Page, pages: str) -> None:
    before = opened(page, f"{pages}/?user=cold&k=24")
    choose(page, "Device type", "Mobile")
    expect(page.locator(".strip")).to_contain_text("Another device type")
    assert shown(page) != before
    assert "with.device_type=mobile" in page.url
    choose(page, "Time of day", "03:00 UTC")
    expect(page.locator(".strip")).to_contain_text("Another time")
    page.reload()
    unfold(page)
    expect(page.get_by_label("Device type")).to_have_value("Mobile")


def test_what_the_recipe_does_not_take_cannot_be_turned_and_says_why(page: Page, pages: str) -> None:
    page.goto(f"{pages}/?user=turns&diversity=0.5")
    expect(page.locator("[data-fault=refused]")).to_contain_text("without regard to diversity")
    unfold(page)
    expect(page.get_by_label("Diversity").locator("xpath=ancestor-or-self::*[@aria-disabled='true']")).to_have_count(1)
    expect(page.locator(".slider-why").first).to_contain_text("without regard to diversity")
    page.get_by_role("button", name="As the recipe says again").click()
    expect(page.locator("[data-fault]")).to_have_count(0)
    assert "diversity" not in page.url
    assert shown(page)


def test_a_filter_counts_on_every_page_and_can_be_taken_back(page: Page, pages: str) -> None:
    opened(page, f"{pages}/?user=narrows")
    page.get_by_label("Category").click()
    page.get_by_role("option").first.click()
    expect(page.locator(".chip")).to_have_count(1)
    expect(page).to_have_url(re.compile("in.category="))
    page.keyboard.press("Escape")
    categories = set(page.locator(".grid .card-category").all_inner_texts())
    assert len(categories) == 1
    page.locator(".chip").click()
    expect(page.locator(".chip")).to_have_count(0)
    assert "in.category" not in page.url


def test_a_new_user_is_one_whom_nobody_knows(page: Page, pages: str) -> None:
    opened(page, f"{pages}/?user=turns-into")
    choose(page, "User", "A new user")
    expect(page).to_have_url(re.compile("user=new-"))
    expect(page.get_by_text("Nobody knows this visitor yet")).to_be_visible()
