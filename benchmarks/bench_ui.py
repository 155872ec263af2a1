"""The web pages: the first one after a start, a click that changes the list, and fifty people at once."""

import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack

import numpy as np
from playwright.sync_api import Page

from benchmarks.inputs import Inputs
from benchmarks.refused import RefusedError
from benchmarks.result import Result
from benchmarks.shop_people import PATIENCE_S, Outing, outings
from benchmarks.shop_window import CARD, browser, shop_window, wait_until_open
from winnow.ops.load.service_process import HOST, free_port, service_process

GROUP = "ui"
QUALITY = False
KEY = "a-key-of-the-benchmarks"
CLICKS, PEOPLE, ITEMS = 20, 50, 10
COMPLETE = """
(wanted) => {
  const inView = (each) => each.getBoundingClientRect().top < innerHeight;
  const pictures = [...document.images].filter(inView);
  return document.querySelectorAll(".grid .card").length === wanted && document.querySelector(".shelf .card")
    && pictures.length && pictures.every((each) => each.complete);
}
"""
"""Whether the page is whole."""
CLICK = """
async (place) => {
  const shown = () => [...document.querySelectorAll(".grid .card")].map((each) => each.dataset.item).join();
  const before = shown();
  const begin = performance.now();
  document.querySelectorAll(".grid .card-link")[place].click();
  await new Promise((changed) => {
    const isChanged = () => shown() && shown() !== before && (watch.disconnect(), changed());
    const watch = new MutationObserver(isChanged);
    watch.observe(document.body, { childList: true, subtree: true });
  });
  await new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)));
  return performance.now() - begin;
}
"""
"""Clicks a card and says how many milliseconds went by until another list was drawn."""


def rows(inputs: Inputs) -> Iterator[Result]:
    """The first page, the click, the crowd."""
    port = free_port()
    with shop_window(f"http://{HOST}:{port}", KEY) as url, ExitStack() as service, browser() as running:
        page = running.new_page()
        service.enter_context(service_process(inputs.bundle, KEY, WINNOW_PORT=str(port)))
        yield from _first(page, url)
        yield from _clicked(page, url)
        page.context.close()
        with ThreadPoolExecutor(1) as crowd:
            found = crowd.submit(outings, url, PEOPLE)
            among = _opened_among(running.new_page(), url, found)
        yield from _crowd(found.result())
        yield among


def _first(page: Page, url: str) -> Iterator[Result]:
    begin = time.monotonic()
    wait_until_open(url)
    page.goto(f"{url}/?session=first")
    page.wait_for_selector(CARD)
    page.evaluate("() => new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)))")
    taken = time.monotonic() - begin
    how = (
        "from the moment the service is ready, whose pages were started at the same time, until Chromium, which runs, "
        "has drawn a home page of 10 recommended items, nothing of it kept from before; on the same cores"
    )
    yield Result(name="ui.first_page_s", value=taken, unit="s", better="lower", how=how)


def _clicked(page: Page, url: str) -> Iterator[Result]:
    taken: list[float] = []
    for number in range(CLICKS):
        page.goto(f"{url}/?session=clicks-{number}")
        page.wait_for_selector(CARD)
        page.wait_for_load_state("networkidle")
        taken.append(page.evaluate(CLICK, number % 10))
    how = (
        f"median of {CLICKS} clicks of as many visitors in Chromium, from the click on a recommended item until another"
        f" list is drawn: an event is told, three lists are asked for, the page is sent what changed; the longest "
        f"took {max(taken):.0f} ms"
    )
    yield Result(name="ui.click_to_change_ms", value=float(np.median(taken)), unit="ms", better="lower", how=how)


def _opened_among(page: Page, url: str, crowd: Future[list[Outing]]) -> Result:
    begin = time.monotonic()
    page.goto(f"{url}/?session=among-them", timeout=1000 * PATIENCE_S)
    page.wait_for_function(COMPLETE, arg=ITEMS, timeout=1000 * PATIENCE_S)
    taken = time.monotonic() - begin
    till = "they were done before it" if crowd.done() else "they were still on"
    how = (
        f"of one who comes at the same instant as the {PEOPLE} of ui.users_50.errors: from the address until Chromium, "
        f"which has nothing of the pages from before and runs on the same cores, has drawn a home page with {ITEMS} "
        f"items, what is in demand, and every picture that is in view; {till}"
    )
    return Result(name="ui.users_50.page_s", value=taken, unit="s", better="lower", how=how)


def _crowd(found: list[Outing]) -> Iterator[Result]:
    faults = Counter(each.fault for each in found if each.fault)
    if len(faults) and sum(faults.values()) == len(found):
        raise RefusedError(f"Nobody of {PEOPLE} saw the list change: {dict(faults)}.")
    well = [each for each in found if not each.fault]
    opened, changed = (np.quantile([getattr(each, name) for each in well], 0.95) for name in ("opened_s", "changed_s"))
    told = ", ".join(f"{number} times: {fault}" for fault, number in faults.items()) or "none"
    how = (
        f"{PEOPLE} visitors open the home page at the same instant, each with a WebSocket of its own, and when all "
        f"have it, click at the same instant; 95 of 100 have the page within {opened:.2f} s and the changed list "
        f"within {changed:.2f} s; without browsers, of which these cores could not run so many, but for the one of "
        f"ui.users_50.page_s among them; errors: {told}"
    )
    yield Result(name="ui.users_50.errors", value=float(sum(faults.values())), unit="people", better="lower", how=how)
