"""What diversity and exploration do where the recipe lets them be turned, in a real browser."""

import re
from collections.abc import Iterator
from contextlib import closing

import pytest
from playwright.sync_api import Page, expect

from tests.browser.drawer import unfold
from tests.browser.shown import shown
from tests.browser.three_bundles import DIVERSE, DRAWN, FIRST
from tests.served_workers import KEY
from winnow.api.client import Client


@pytest.fixture(scope="module")
def chosen(registered: str) -> Iterator[Client]:
    """Asks a service in which any of the three bundles may serve; the first does in the end."""
    with closing(Client(registered, KEY)) as client:
        yield client
        served_by(client, FIRST)


def turned(page: Page, name: str) -> None:
    """A control, by the keyboard: up by ten steps."""
    page.get_by_role("slider", name=name).locator("[tabindex]").press("PageUp")
    expect(page.locator(".strip")).to_contain_text(f"Another {name.lower()}")


def is_shut(page: Page, name: str) -> bool:
    return page.get_by_role("slider", name=name).get_attribute("aria-disabled") == "true"


def served_by(client: Client, name: str) -> None:
    if client.ready()["bundle"] != name:
        client.promote(name)


def test_more_diversity_is_another_list_at_once_and_the_glass_house_shows_who_moved(
    page: Page, operated: str, chosen: Client
) -> None:
    served_by(chosen, DIVERSE)
    page.goto(f"{operated}/?user=weighs&k=12")
    before = shown(page)
    unfold(page)
    expect(page.get_by_text("As the recipe says: 0.1")).to_be_visible()
    turned(page, "Diversity")
    after = shown(page)
    assert after != before
    assert after == [each["item_id"] for each in chosen.recommend("weighs", k=12, diversity=0.6)["items"]]
    expect(page).to_have_url(re.compile("diversity=0.6"))
    page.goto(f"{operated}/glass-house?{page.url.partition('?')[2]}")
    ways = page.locator(".way")
    expect(ways.first).to_be_visible()
    assert [each.get_attribute("data-item") for each in ways.all()] == after
    expect(page.get_by_role("img", name="sources proposed")).to_contain_text("Ranked")
    moves = page.locator(".way-move").all_inner_texts()
    assert any(re.fullmatch(r"↑ \d+ for more variety", each) for each in moves), moves
    expect(page.locator(".way-reason", has_text="then moved ↑").first).to_be_visible()
    unfold(page)
    expect(page.get_by_role("slider", name="Diversity")).to_have_attribute("aria-valuenow", "0.6")
    page.get_by_role("button", name="As the recipe says again").click()
    expect(page.locator(".strip")).to_contain_text("Another diversity")
    assert [each.get_attribute("data-item") for each in ways.all()] == before


def test_more_exploration_draws_another_list_and_says_so(page: Page, operated: str, chosen: Client) -> None:
    served_by(chosen, DRAWN)
    page.goto(f"{operated}/?user=explores&k=12&explore=0")
    by_score = shown(page)
    assert by_score == [each["item_id"] for each in chosen.recommend("explores", k=12, explore=0.0)["items"]]
    unfold(page)
    expect(page.get_by_role("slider", name="Exploration")).to_have_attribute("aria-valuenow", "0")
    turned(page, "Exploration")
    assert shown(page) != by_score
    expect(page).to_have_url(re.compile("explore=0.5"))
    # Of someone else: what was in view here is told a little later, and what was shown moves scores.
    page.goto(f"{operated}/glass-house?{page.url.partition('?')[2].replace('explores', 'looks-inside')}")
    moved = page.locator(".way", has=page.locator(".way-move", has_text="by the draw"))
    expect(moved.first).to_be_visible()
    item_id, rank = moved.last.get_attribute("data-item"), moved.last.locator(".way-rank").inner_text()
    page.get_by_label("An item").fill(f"{item_id}")
    page.get_by_label("An item").press("Enter")
    expect(page.locator(".why-sentence"), "the answer that is shown, not another draw").to_contain_text(f"rank {rank} ")
    unfold(page)
    expect(page.get_by_role("slider", name="Exploration")).to_have_attribute("aria-valuenow", "0.5")


def test_after_a_swap_the_controls_are_those_of_the_next_bundle(page: Page, operated: str, chosen: Client) -> None:
    shut = {}
    for name in (DIVERSE, DRAWN):
        served_by(chosen, name)
        page.goto(f"{operated}/?user=swaps")
        shown(page)
        unfold(page)
        shut[name] = [is_shut(page, each) for each in ("Diversity", "Exploration")]
    assert shut == {DIVERSE: [False, True], DRAWN: [True, False]}
    expect(page.locator(".slider-why")).to_have_text(
        "The recipe in service orders items without regard to diversity: it selects by “sample”."
    )
