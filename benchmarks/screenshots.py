"""Takes the pictures of the pages that stand in the README: `make screenshots`.

A demo bundle serves, a few hundred visitors come and go so that there is something to see, and a browser looks.
"""

import argparse
import sys
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Browser, Page

from benchmarks.refused import RefusedError
from benchmarks.shop_window import CARD, browser, shop_window, wait_until_open
from winnow.api.client import Client
from winnow.api.events import VisitorEvent
from winnow.ops.load.service_process import service_process
from winnow.schema.errors import WinnowError
from winnow.schema.schema import EventType

KEY = "a-key-of-the-screenshots"
WIDE, HIGH = 1280, 900
VISITS, LOOKS_MS = 300, 16_000
FRAME_PX, GAP_PX = 620, 10
MARKED = "outline: 3px solid var(--accent); outline-offset: 8px; border-radius: 12px"
REFUSED = 2
SHADE = 4
"""Of 256 steps of light, for pictures: nobody sees the difference, and a file is smaller. A palette has halos."""
COMMON = 1 / 2000
"""Share of all dots from which a colour is one of the page itself, and stays as it is."""


def main(arguments: Sequence[str]) -> int:
    """Writes shop.png, glass-house.png, operations.png and click.png, and returns the exit code."""
    options = parser().parse_args(arguments)
    try:
        _take(options)
    except (RefusedError, WinnowError) as error:
        sys.stderr.write(f"{error}\n")
        return REFUSED
    return 0


def _take(options: argparse.Namespace) -> None:
    pictures = {"WINNOW_MEDIA": str(options.pictures)} if options.pictures else {}
    with (
        service_process(options.bundle, KEY, **pictures) as service,
        shop_window(service.url, KEY, may_operate=True) as url,
    ):
        wait_until_open(url)
        client = Client(service.url, KEY)
        with browser() as running:
            _operations(_page(running), url, client, options)
            _shop(_page(running), url, options)
            _glass_house(_page(running), url, options)
        client.close()


def parser() -> argparse.ArgumentParser:
    """The options, with their help."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.screenshots", description=__doc__)
    options.add_argument("bundle", type=Path, help="bundle to show, as `winnow demo` makes it; better an evaluated one")
    options.add_argument("--pictures", type=Path, help="the shop's folder of pictures")
    options.add_argument("--user", default="u00001", help="who visits; known to the bundle")
    options.add_argument("--out", type=Path, default=Path("docs"), help="folder to write to")
    return options


def _page(running: Browser) -> Page:
    return running.new_context(viewport={"width": WIDE, "height": HIGH}, reduced_motion="reduce").new_page()


def _operations(page: Page, url: str, client: Client, options: argparse.Namespace) -> None:
    page.goto(f"{url}/operations?user={options.user}")
    page.wait_for_selector(".chart svg")
    chance = np.random.default_rng(0)
    for number in range(VISITS):
        _visit(client, f"u{number % 90 + 1:05d}", chance)
        page.wait_for_timeout(LOOKS_MS / VISITS)  # so that there is a line to draw, and events reach the page
    _settle(page)
    _save(page.screenshot(full_page=True), options.out / "operations.png")


def _visit(client: Client, user: str, chance: np.random.Generator) -> None:
    answer = client.recommend(user_id=user, k=10)
    items = [each["item_id"] for each in answer["items"]]
    kinds = [(item, EventType.IMPRESSION) for item in items]
    if chance.random() < 0.5:
        kinds.append((items[int(chance.integers(4))], EventType.CLICK))
    client.events(
        [VisitorEvent(user_id=user, item_id=item, type=kind, request_id=answer["request_id"]) for item, kind in kinds]
    )


def _shop(page: Page, url: str, options: argparse.Namespace) -> None:
    page.goto(f"{url}/?user={options.user}")
    frames = [_drawn(page)]
    _save(frames[0], options.out / "shop.png")
    card = page.locator(f"{CARD} .card-link").nth(2)
    card.hover()
    card.evaluate(f"(link) => link.style.cssText = '{MARKED}'")
    frames.append(_drawn(page))
    card.click()
    page.wait_for_selector(".strip")
    page.mouse.move(0, 0)
    frames.append(_drawn(page))
    _side_by_side(frames).save(options.out / "click.png", optimize=True)


def _glass_house(page: Page, url: str, options: argparse.Namespace) -> None:
    page.goto(f"{url}/glass-house?user={options.user}")
    _save(_drawn(page), options.out / "glass-house.png")


def _drawn(page: Page) -> bytes:
    page.wait_for_load_state("networkidle")
    _settle(page)
    return page.screenshot()


def _settle(page: Page) -> None:
    page.wait_for_function("[...document.images].every((each) => each.loading === 'lazy' || each.complete)")
    page.wait_for_timeout(600)


def _save(shot: bytes, path: Path) -> None:
    _with_fewer_shades(_opened(shot)).save(path, optimize=True)


def _side_by_side(shots: Sequence[bytes]) -> Image.Image:
    frames = [_opened(shot) for shot in shots]
    height = FRAME_PX * frames[0].height // frames[0].width
    whole = Image.new("RGB", (len(frames) * (FRAME_PX + GAP_PX) - GAP_PX, height), "white")
    for place, frame in enumerate(frames):
        whole.paste(frame.resize((FRAME_PX, height), Image.Resampling.LANCZOS), (place * (FRAME_PX + GAP_PX), 0))
    return _with_fewer_shades(whole)


def _with_fewer_shades(image: Image.Image) -> Image.Image:
    light = np.asarray(image).astype(np.int32)
    fewer = np.minimum((light + SHADE // 2) // SHADE * SHADE, 255)
    codes = light @ np.array([1 << 16, 1 << 8, 1])
    _, places, counts = np.unique(codes, return_inverse=True, return_counts=True)
    is_common = counts[places].reshape(codes.shape) >= COMMON * codes.size
    return Image.fromarray(np.where(is_common[..., None], light, fewer).astype(np.uint8))


def _opened(shot: bytes) -> Image.Image:
    return Image.open(BytesIO(shot)).convert("RGB")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
