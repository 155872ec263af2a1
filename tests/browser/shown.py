"""What a page shows, as tests ask for it."""

from playwright.sync_api import Page, expect

CARDS = ".grid .card"


def shown(page: Page, cards: str = CARDS) -> list[str | None]:
    """Ids of the items of a list, in their order, once there are some."""
    expect(page.locator(cards).first).to_be_visible()
    return page.locator(cards).evaluate_all("cards => cards.map(each => each.dataset.item)")
