"""What holds for all pages of the shop: impressions, focus, phones, names that are no code, and accessibility."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.shown import CARDS, shown
from tests.served_workers import KEY
from winnow.api.client import Client

PAGES = ("/", "/catalogue", "/items/{}")
EVIL = "<script>document.title = 'taken'</script><img src=x onerror=\"document.title = 'taken'\">"


def some_item(client: Client) -> str:
    return client.trending(1)["items"][0]["item_id"]


@pytest.fixture
def client(service: str) -> Iterator[Client]:
    client = Client(service, KEY)
    yield client
    client.close()


@pytest.mark.parametrize("path", PAGES)
def test_a_phone_shows_it_all_and_axe_finds_nothing_serious(page: Page, pages: str, client: Client, path: str) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{pages}{path.format(some_item(client))}?user=phones&max.price=500")
    expect(page.locator(".page .picture").first).to_be_visible()
    expect(page.locator(".card").first).to_have_css("opacity", "1")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    found = [each for each in Axe().run(page).response["violations"] if each["impact"] in {"serious", "critical"}]
    assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []


def test_what_was_in_view_is_told_once_and_what_was_not_is_not(page: Page, pages: str, client: Client) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    with page.expect_event("websocket") as socket:
        page.goto(f"{pages}/?user=sees&k=12")
    before = shown(page)
    socket.value.wait_for_event("framesent", lambda sent: f"{before[0]}" in f"{sent}")
    page.locator(f"{CARDS} .card-link").first.click()
    expect(page.locator(".strip")).to_contain_text("You looked at")
    page.goto(f"{pages}/?user=sees&k=12")
    shown(page)
    seen = [each["item_id"] for each in client.state("sees")["events"] if each["type"] == "impression"]
    assert before[0] in seen
    assert before[-1] not in seen, "it lies far below"
    assert len(set(seen)) == len(seen)


def test_the_focus_stays_where_it_was_when_a_list_is_drawn_again(page: Page, pages: str) -> None:
    page.goto(f"{pages}/?user=keys")
    shown(page)
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("To the content")
    button = page.locator(f"{CARDS} [data-act=cart]").nth(2)
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".strip")).to_contain_text("into the cart")
    expect(page.locator(f"{CARDS} [data-act=cart]").nth(2)).to_be_focused()


def test_names_are_shown_and_never_run(page: Page, pages: str, client: Client, shop: Path) -> None:
    from tests.trained_shop import values_of_items  # noqa: PLC0415 - torch, which few tests need

    client.put_item("evil", next(iter(values_of_items(shop).values())) | {"title": EVIL, "description": EVIL})
    page.goto(f"{pages}/catalogue?user=hears&sort=new&q=onerror")
    expect(page.locator(f"{CARDS} .card-title")).to_have_text(EVIL)
    page.goto(f"{pages}/items/evil?user=hears")
    expect(page.get_by_role("heading", level=1)).to_have_text(EVIL)
    expect(page).to_have_title(f"{EVIL} - Winnow")
    client.withdraw_item("evil")
    page.goto(f"{pages}/catalogue?user={EVIL}&q={EVIL}&in.category={EVIL}&with.device_type={EVIL}")
    expect(page.locator(".chip")).to_contain_text("<script>")
    page.goto(f"{pages}/?user={EVIL}&with.device_type={EVIL}")
    expect(page.locator(".visitor-name")).to_contain_text("<script>")
    assert page.title() != "taken"
