"""The drawer of controls, as tests open it."""

from playwright.sync_api import Page, expect


def unfold(page: Page) -> None:
    page.get_by_role("button", name="Visitor and controls").click()
    expect(page.get_by_text("Only", exact=True)).to_be_visible()
