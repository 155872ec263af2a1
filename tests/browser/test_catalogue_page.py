"""The catalogue, in a real browser."""

import re

from playwright.sync_api import Page, expect

from tests.browser.shown import CARDS, shown
from tests.served_workers import KEY
from winnow.api.catalogue import CatalogueRequest
from winnow.api.client import Client

CATEGORIES = f"{CARDS} .card-category"


def test_filters_narrow_it_and_the_way_back_widens_it(page: Page, pages: str) -> None:
    page.goto(f"{pages}/catalogue?user=browses")
    shown(page)
    value = page.locator("[data-key^='facet category']").first
    name, count = value.locator("> *").all_inner_texts()
    value.click()
    expect(page.locator(".heading")).to_contain_text(f"{count} items")
    assert {each.lower() for each in page.locator(CATEGORIES).all_inner_texts()} == {name.lower()}
    assert "in.category=" in page.url
    expect(page.locator(":focus")).to_have_attribute("aria-current", "true")
    page.go_back()
    expect(page.locator(".chip")).to_have_count(0)
    assert len(shown(page)) > int(count) or len(shown(page)) == 24


def test_an_address_carries_words_filters_order_and_page(page: Page, pages: str, service: str) -> None:
    client = Client(service, KEY)
    asked = CatalogueRequest(filters={"price": {"max": 60.0}}, sort="-price", offset=24, limit=24)
    page.goto(f"{pages}/catalogue?user=sent&max.price=60&sort=-price&page=2")
    assert shown(page) == [each["item_id"] for each in client.catalogue(asked)["items"]]
    expect(page.get_by_role("link", name="Page 2", exact=True)).to_have_attribute("aria-current", "page")
    page.get_by_role("link", name="Take away: Price to 60").click()
    expect(page.locator(".chip")).to_have_count(0)
    assert "page=" not in page.url, "another list is seen from its beginning"
    client.close()


def test_a_page_after_the_last_is_told_with_a_way_back(page: Page, pages: str) -> None:
    page.goto(f"{pages}/catalogue?user=errs&page=9000")
    expect(page.get_by_text("The address says page 9,000, and the last one is")).to_be_visible()
    page.get_by_role("link", name="Page 1", exact=True).click()
    assert shown(page)


def test_words_find_items_while_they_are_typed(page: Page, pages: str) -> None:
    page.goto(f"{pages}/catalogue?user=types")
    shown(page)
    title = page.locator(f"{CARDS} .card-title").first.inner_text()
    page.get_by_label("Search the catalogue").fill(title)
    expect(page).to_have_url(re.compile("q="))
    expect(page.locator(CARDS).first).to_contain_text(title)
    page.get_by_label("Search the catalogue").fill("nothingiscalledthat")
    expect(page.get_by_text("Nothing fits")).to_be_visible()
