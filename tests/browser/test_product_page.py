"""The page of one item, in a real browser."""

import re
from contextlib import closing

import pytest
from playwright.sync_api import Page, expect

from tests.browser.shown import CARDS, shown
from tests.served_workers import KEY
from winnow.api.client import Client

SIMILAR = ".similar .card"


def test_similar_items_are_found_in_three_ways(page: Page, pages: str, service: str) -> None:
    page.goto(f"{pages}/?user=compares&k=1")
    (item_id,) = shown(page)
    page.goto(f"{pages}/items/{item_id}?user=compares")
    with closing(Client(service, KEY)) as client:
        for way, by in (("By picture", "picture"), ("By words", "title,description"), ("By behaviour", "behaviour")):
            page.get_by_role("link", name=way).click()
            expect(page.get_by_role("link", name=way)).to_have_attribute("aria-current", "true")
            assert shown(page, SIMILAR) == [each["item_id"] for each in client.similar(f"{item_id}", 12, by)["items"]]


def test_who_opens_it_has_looked_at_it_once_in_the_answer_that_led_there(page: Page, pages: str, service: str) -> None:
    page.goto(f"{pages}/?user=opens&k=3")
    item_id = shown(page)[1]
    address = page.locator(f"{CARDS} .card-link").nth(1).get_attribute("href")
    for _ in range(2):
        page.goto(f"{pages}{address}")
        expect(page.locator(SIMILAR).first).to_be_visible()
    with closing(Client(service, KEY)) as client:
        clicks = [each["item_id"] for each in client.state("opens")["events"] if each["type"] == "click"]
    assert clicks == [item_id]


@pytest.mark.parametrize(("kind", "words"), [("cart", "In your cart"), ("dismiss", "You will not see it again")])
def test_its_buttons_tell_the_service(page: Page, pages: str, service: str, kind: str, words: str) -> None:
    client, user = Client(service, KEY), f"buys-{kind}"
    page.goto(f"{pages}/?user={user}&k=1")
    (item_id,) = shown(page)
    page.goto(f"{pages}/items/{item_id}?user={user}")
    page.locator(f"[data-act={kind}]").click()
    expect(page.get_by_text(words)).to_be_visible()
    assert (kind, item_id) in {(each["type"], each["item_id"]) for each in client.state(user)["events"]}
    client.close()


def test_an_item_that_nobody_has_is_told_with_a_way_on(page: Page, pages: str) -> None:
    page.goto(f"{pages}/items/no-such-item?user=errs")
    expect(page.get_by_role("heading", name="No such item")).to_be_visible()
    page.get_by_role("link", name="To the catalogue").click()
    assert shown(page)


def test_someone_else_who_looks_at_it_came_from_nowhere(page: Page, pages: str, service: str) -> None:
    client = Client(service, KEY)
    page.goto(f"{pages}/items/{client.trending(1)['items'][0]['item_id']}?user=first-here&from=an-answer")
    expect(page.locator(SIMILAR).first).to_be_visible()
    page.get_by_role("button", name="Visitor and controls").click()
    page.get_by_label("Any user id").fill("second-here")
    page.get_by_label("Any user id").press("Enter")
    expect(page.locator(".visitor-name")).to_have_text("second-here")
    expect(page).not_to_have_url(re.compile("from="))
    expect(page.locator(SIMILAR).first).to_be_visible()
    assert [each["type"] for each in client.state("first-here")["events"]] == ["click"]
    client.close()
