"""The shop's first page, in a real browser."""

import re
import socket

import pytest
from playwright.sync_api import Page, expect

from tests.browser.shown import CARDS, shown


@pytest.mark.parametrize("k", [4, 12])
def test_it_shows_as_many_items_as_the_address_asks_for(page: Page, pages: str, k: int) -> None:
    page.goto(f"{pages}/?user=of-{k}&k={k}")
    assert len(set(shown(page))) == k


def test_a_click_changes_the_list_and_the_page_says_what_changed(page: Page, pages: str) -> None:
    page.goto(f"{pages}/?user=clicks")
    before = shown(page)
    page.locator(f"{CARDS} .card-link").nth(1).click()
    expect(page.locator(".strip")).to_contain_text("You looked at")
    after = shown(page)
    assert len(after) == len(before)
    assert before[1] not in after, "what was looked at is seen"
    assert page.locator(".badge.is-new").count() == len(set(after) - set(before)) > 0
    expect(page.get_by_role("heading", name="Because you looked at")).to_be_visible()


@pytest.mark.parametrize(
    ("kind", "words"), [("cart", "into the cart"), ("purchase", "You bought"), ("dismiss", "You do not want")]
)
def test_every_button_of_a_card_tells_the_service(page: Page, pages: str, kind: str, words: str) -> None:
    page.goto(f"{pages}/?user=does-{kind}")
    before = shown(page)
    page.locator(f"{CARDS} [data-act={kind}]").first.click()
    expect(page.locator(".strip")).to_contain_text(words)
    assert before[0] not in shown(page)


def test_after_a_reset_the_list_is_what_it_was(page: Page, pages: str) -> None:
    page.goto(f"{pages}/?user=resets")
    before = shown(page)
    page.locator(f"{CARDS} .card-link").first.click()
    expect(page.locator(".strip")).to_contain_text("You looked at")
    page.get_by_role("button", name="Reset my state").click()
    expect(page.locator(".strip")).to_contain_text("Your state was reset")
    assert shown(page) == before


def test_who_comes_without_a_name_is_given_a_session_in_the_address(page: Page, pages: str) -> None:
    page.goto(pages)
    assert shown(page)
    assert "session=" in page.url


def test_a_service_that_is_down_is_told_in_a_sentence(page: Page, lonely_pages: str) -> None:
    page.goto(f"{lonely_pages}/?user=waits")
    expect(page.locator("[data-fault=down]")).to_contain_text("does not answer")
    expect(page.get_by_role("button", name="Try again")).to_be_visible()


def test_a_service_that_takes_too_long_is_told_from_one_that_is_down(
    page: Page, lonely_pages: str, nobody: int
) -> None:
    with socket.create_server(("127.0.0.1", nobody)):  # callers come through to it, and are never heard
        page.goto(f"{lonely_pages}/?user=waits-long")
        expect(page.locator("[data-fault=slow]")).to_contain_text("has not answered in time")
        page.get_by_role("button", name="Light or dark").click()
        expect(page.locator("[data-fault=slow]"), "the page goes on meanwhile").to_be_visible()
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("[data-fault=down]")).to_be_visible()


def test_a_number_that_cannot_be_is_told_until_something_else_is_asked_for(page: Page, pages: str) -> None:
    page.goto(f"{pages}/?k=-3&hour=99&diversity=7&max.price=500")
    assert len(shown(page)) == 10
    told = page.locator(".notice", has_text="Not everything in the address can be")
    for sentence in (
        "k=-3; a whole number from 1 to 48 is wanted, so 10 items are shown.",
        "hour=99; a whole number from 0 to 23 is wanted, so the hour is that of now.",
        "diversity=7; a number from 0 to 1 is wanted, so diversity is what the recipe says.",
    ):
        expect(told).to_contain_text(sentence)
    page.locator(".chip").click()
    expect(told).to_have_count(0)
    expect(page).not_to_have_url(re.compile("k="))


def test_no_key_is_in_what_a_browser_is_sent(page: Page, pages: str) -> None:
    page.goto(f"{pages}/?user=looks")
    shown(page)
    assert "a-key-of-the-tests" not in page.content()


def test_an_unknown_user_is_told_apart_until_something_is_known(page: Page, pages: str) -> None:
    page.goto(f"{pages}/?user=nobody-yet")
    shown(page)
    expect(page.get_by_text("Nobody knows this visitor yet")).to_be_visible()
    page.locator(f"{CARDS} .card-link").first.click()
    expect(page.locator(".strip")).to_contain_text("You looked at")
    expect(page.get_by_text("Nobody knows this visitor yet")).to_have_count(0)


def test_a_card_leads_to_the_page_of_its_item(page: Page, pages: str) -> None:
    page.goto(f"{pages}/?user=reads")
    shown(page)
    page.goto(f"{pages}{page.locator(f'{CARDS} .card-link').first.get_attribute('href')}")
    expect(page.get_by_role("heading", name="Looks like it")).to_be_visible()
    assert "user=reads" in page.url
