"""The operations page, in a real browser."""

import re
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.three_bundles import DIVERSE, DRAWN, FIRST
from tests.served_pages import served_pages
from tests.served_workers import KEY, served
from winnow.api.client import Client

NAME, BEGUN = ".hero-name", ".chart svg"


def visit(service: str) -> None:
    client = Client(service, KEY)
    for _ in range(3):
        client.recommend(user_id="asks", k=3)
    client.close()


def moved(page: Page, move: str, name: str = "") -> None:
    page.get_by_role("button", name=move).first.click()
    dialog = page.get_by_role("dialog")
    if name:
        dialog.get_by_label("Its name in the registry").fill(name)
    dialog.get_by_role("button", name=re.compile(move.split(" to ", maxsplit=1)[0])).click()


def test_it_shows_how_the_bundle_does_and_how_good_it_was_found(page: Page, operated: str, registered: str) -> None:
    visit(registered)
    page.goto(f"{operated}/operations")
    for heading in ("Latency", "Where the time goes", "The funnel", "Cold start", "Does 10 % mean 10 %?"):
        expect(page.get_by_role("heading", name=heading)).to_be_visible()
    expect(page.locator(".tile", has_text="Half within")).to_contain_text(" ms")
    expect(page.locator("text=3.0 times as high")).to_be_visible()
    expect(page.locator(BEGUN).last).to_be_visible()
    page.wait_for_function("!document.getAnimations().some(each => each.playState === 'running')")
    wrong = Axe().run(page).response["violations"]
    assert [each["id"] for each in wrong if each["impact"] in {"serious", "critical"}] == []


def test_figures_follow_while_the_page_stays(page: Page, operated: str, registered: str) -> None:
    page.goto(f"{operated}/operations")
    rate = page.locator(".tile", has_text="Requests a second").locator("dd")
    expect(rate).to_have_text(re.compile(r"\d"))  # of what was asked while nobody looked, or of a second look
    before = rate.inner_text()
    page.evaluate("window.isTheSame = true")
    visit(registered)
    expect(rate).not_to_have_text(before)
    assert page.evaluate("window.isTheSame")


def test_a_bundle_is_swapped_only_after_a_question_and_taken_back(page: Page, operated: str) -> None:
    page.goto(f"{operated}/operations")
    expect(page.locator(NAME)).to_be_visible()
    first = page.locator(NAME).inner_text()
    page.get_by_role("button", name="Swap").click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator(NAME)).to_have_text(first)
    moved(page, "Swap", DIVERSE)
    expect(page.locator(NAME)).to_have_text(DIVERSE)
    expect(page.get_by_text(f"{DIVERSE} serves now")).to_be_visible()
    moved(page, f"Roll back to {FIRST}")
    expect(page.locator(NAME)).to_have_text(first)


def test_a_canary_is_shown_beside_it_and_ended(page: Page, operated: str) -> None:
    page.goto(f"{operated}/operations")
    moved(page, "Canary", DRAWN)
    expect(page.locator(".candidate")).to_contain_text("5 % of the visitors")
    moved(page, "End the canary")
    expect(page.locator(".candidate")).to_have_count(0)


def test_what_the_service_refuses_is_told_in_its_words(page: Page, operated: str) -> None:
    page.goto(f"{operated}/operations")
    moved(page, "Shadow", "nowhere")
    expect(page.locator("[data-fault=refused]")).to_contain_text("There is no bundle 'nowhere' in the registry")


def test_without_a_word_at_the_start_it_only_shows(page: Page, pages: str) -> None:
    page.goto(f"{pages}/operations")
    expect(page.locator(".hero")).to_contain_text("winnow ui --operate")
    expect(page.get_by_role("button", name="Swap")).to_have_count(0)
    expect(page.get_by_text("Nobody has judged this bundle yet")).to_be_visible()


def test_without_a_key_it_says_how_to_give_one(page: Page, service: str) -> None:
    with served_pages(service, may_operate=True, WINNOW_UI_ADMIN_KEY="") as pages:
        page.goto(f"{pages}/operations")
        expect(page.locator("[data-fault=shut]")).to_contain_text("WINNOW_UI_ADMIN_KEY")
        expect(page.locator(NAME)).to_be_visible()
        expect(page.get_by_role("button", name="Swap")).to_have_count(0)


def test_an_open_page_says_that_the_service_is_gone_and_recovers_by_itself(
    page: Page, lonely_pages: str, nobody: int, bundle: Path
) -> None:
    with served(bundle, port=nobody):
        page.goto(f"{lonely_pages}/operations")
        expect(page.locator(BEGUN).first).to_be_visible()
    expect(page.locator("[data-fault=down]")).to_contain_text("does not answer")
    with served(bundle, port=nobody):
        expect(page.locator("[data-fault=down]")).to_have_count(0)
        expect(page.locator(".is-stale")).to_have_count(0)
