"""The glass house, in a real browser."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.served_workers import KEY
from winnow.api.client import Client
from winnow.api.events import VisitorEvent
from winnow.schema.schema import EventType


def opened(page: Page, pages: str, user: str, more: str = "") -> Page:
    page.goto(f"{pages}/glass-house?user={user}&k=5{more}")
    expect(page.locator(".way").first).to_be_visible()
    return page


def texts(found: Locator) -> list[str]:
    return [each.strip() for each in found.all_text_contents()]


@pytest.fixture
def client(service: str) -> Any:
    client = Client(service, KEY)
    yield client
    client.close()


def clicked(client: Client, user: str, item_id: str) -> None:
    client.events([VisitorEvent(user_id=user, item_id=item_id, type=EventType.CLICK)])


def test_the_funnel_shows_the_stages_of_the_trace_with_its_counts(page: Page, pages: str, client: Client) -> None:
    trace = client.recommend("looks-in", k=5, trace=True).get("trace", [])
    opened(page, pages, "looks-in")
    table = page.locator(".figures tbody tr[data-stage]")
    assert [each.get_attribute("data-stage") for each in table.all()] == [each["name"] for each in trace]
    out = {row.get_attribute("data-stage"): texts(row.locator(".number"))[1] for row in table.all()}
    merge = [each["name"] for each in trace].index("retrieve")
    assert {name: int(rows) for name, rows in out.items() if rows} == {
        each["name"]: each["rows_out"] for each in trace if each["rows_in"] == 0 or trace.index(each) >= merge
    }
    drawn = page.get_by_role("img", name="sources proposed").locator(".head .count")
    by_name = {each["name"]: each["rows_out"] for each in trace}
    assert [int(each.replace(",", "")) for each in texts(drawn)][:: len(texts(drawn)) - 1] == [
        by_name["retrieve"],
        by_name["select"],
    ]


def test_every_answered_item_has_its_way(page: Page, pages: str, client: Client) -> None:
    items = [each["item_id"] for each in client.recommend("reads-ways", k=5)["items"]]
    opened(page, pages, "reads-ways")
    assert [each.get_attribute("data-item") for each in page.locator(".way").all()] == items
    first = client.call("GET", f"/v1/why?item_id={items[0]}&user_id=reads-ways&k=5")
    expect(page.locator(".way").first).to_contain_text(f"{first['ranking']['score']:.2f}")
    expect(page.locator(".way").first).to_contain_text(f"of {first['ranking']['of']}")
    assert page.locator(".way").first.locator(".chip").count() > 0


def test_why_not_of_what_was_seen_names_the_stage(page: Page, pages: str, client: Client) -> None:
    item_id = client.recommend("asks-why", k=5)["items"][0]["item_id"]
    clicked(client, "asks-why", item_id)
    opened(page, pages, "asks-why")
    page.get_by_label("An item").fill(item_id)
    page.get_by_label("An item").press("Enter")
    expect(page.locator(".stop.is-lost")).to_have_attribute("data-stage", "seen")
    expect(page.locator(".why-sentence")).to_contain_text("the visitor has had it")
    assert f"why={item_id}" in page.url


def test_words_suggest_items_and_an_address_may_ask(page: Page, pages: str, client: Client) -> None:
    item = client.recommend("types", k=5)["items"][0]
    opened(page, pages, "types", f"&why={item['item_id']}")
    expect(page.locator(".stop.is-passed")).to_have_count(page.locator(".stop").count())
    page.get_by_label("An item").fill(str(item["title"]))
    page.locator(f".suggestion[data-item='{item['item_id']}']").click()
    expect(page.locator(".why-sentence")).to_contain_text("at rank 1 of the answer")


def test_an_item_that_is_not_there_is_told(page: Page, pages: str) -> None:
    opened(page, pages, "mistypes", "&why=no-such-item")
    expect(page.locator("[data-fault]")).to_contain_text("no-such-item")


def test_the_card_shows_a_click_and_after_a_reset_nothing(page: Page, pages: str, client: Client) -> None:
    item_id = client.recommend("corrects", k=5)["items"][0]["item_id"]
    clicked(client, "corrects", item_id)
    opened(page, pages, "corrects")
    event = page.locator("#known .event")
    expect(event).to_have_attribute("data-item", item_id)
    expect(page.locator("[data-figure=seen] b")).to_have_text("1")
    page.get_by_role("button", name="Reset my state").click()
    expect(page.locator(".strip")).to_contain_text("Your state was reset")
    expect(event).to_have_count(0)
    expect(page.locator("[data-figure=seen] b")).to_have_text("0")
    expect(page.locator(".way").first).to_have_attribute("data-item", item_id)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_use_it(page: Page, pages: str, client: Client, scheme: Any) -> None:
    item_id = client.recommend("everybody", k=5)["items"][0]["item_id"]
    clicked(client, "everybody", item_id)
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    opened(page, pages, "everybody", f"&why={item_id}")
    expect(page.locator("html")).to_have_attribute("data-theme", scheme)
    found = Axe().run(page).response["violations"]
    assert [
        (each["id"], node["html"], node.get("failureSummary"))
        for each in found
        for node in each["nodes"]
        if each["impact"] in {"serious", "critical"}
    ] == []


def test_a_narrow_screen_has_bars_and_nothing_beside_it(page: Page, pages: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    opened(page, pages, "walks")
    expect(page.locator(".funnel-bars")).to_be_visible()
    expect(page.locator("svg.funnel")).to_be_hidden()
    expect(page.locator(".way").first).to_contain_text("Retrieval alone would have put it")
    expect(page.locator(".way .chip").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_a_service_that_is_down_is_told(page: Page, lonely_pages: str) -> None:
    page.goto(f"{lonely_pages}/glass-house?user=waits")
    expect(page.locator("[data-fault=down]").first).to_contain_text("does not answer")
    page.get_by_role("button", name="Try again").first.click()
    expect(page.locator("[data-fault=down]").first).to_be_visible()
