"""A registry of bundles that differ, made of one that was trained, and a service of it."""

import json
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from fastapi import FastAPI

from tests.unit.bundle.small_bundle import forge
from tests.unit.serving.live_service import live_app
from winnow.api.client import Client
from winnow.bundle.manifest import FORMAT, MANIFEST_NAME
from winnow.bundle.registry import Registry
from winnow.bundle.writer import BundleWriter
from winnow.engine.canary_set import FILE, PART
from winnow.engine.open_engine import open_engine
from winnow.engine.state_home import StateHome
from winnow.ops.canary_part import write_canary_part
from winnow.serving.access.known_key import hashed_keys
from winnow.serving.app import create_app
from winnow.serving.engines.bundle_shelf import BundleShelf
from winnow.serving.settings.settings import Settings

KEY = "a-key-of-the-tests"
FIRST, SECOND, TWIN, SILENT = "first", "second", "twin", "silent"
"""Of the registry: as trained; without its ranker, so that it answers otherwise; the same as the first under another
name; likewise, without canary requests."""
DAMAGED, NEWER, WRONG = "damaged", "newer", "wrong"
"""A file has changed; of a later program; answers otherwise than when it was trained."""


def write_registry(bundle: Path, folder: Path) -> None:
    for name in (FIRST, SECOND, TWIN, SILENT, DAMAGED, NEWER, WRONG):
        shutil.copytree(bundle, folder / name)
    shutil.rmtree(folder / SECOND / "ranker")
    forge(folder / SECOND, name="bundle-of-second")
    write_canary_part(BundleWriter(folder=folder / SECOND))
    forge(folder / SECOND)
    forge(folder / TWIN, name="bundle-of-twin")
    shutil.rmtree(folder / SILENT / PART)
    forge(folder / SILENT, name="bundle-of-silent")
    with (folder / DAMAGED / "popularity" / "weights.npy").open("ab") as file:
        file.write(b"!")
    manifest = (folder / NEWER / MANIFEST_NAME).read_text()
    (folder / NEWER / MANIFEST_NAME).write_text(manifest.replace(f'"format": {FORMAT}', f'"format": {FORMAT + 1}'))
    canaries = json.loads((folder / WRONG / PART / FILE).read_text())
    answers = [{item: score + 1 for item, score in answer.items()} for answer in canaries["answers"]]
    (folder / WRONG / PART / FILE).write_text(json.dumps({**canaries, "answers": answers}))
    forge(folder / WRONG, name="bundle-of-wrong")
    Registry(folder).promote(FIRST)


@dataclass(frozen=True)
class Service:
    """A running service: its address, a client with a key, and the application itself."""

    url: str
    client: Client
    app: FastAPI


@contextmanager
def served(folder: Path, state: Path | None = None) -> Iterator[Service]:
    """A service of the registry; what is in demand reaches no source by itself."""
    registry = Registry(folder)
    settings = Settings(port=0, key_hashes=hashed_keys([KEY]), state=state, demand_s=0)
    with StateHome(folder=state) as home:
        opened = partial(open_engine, open_live=home.open)
        shelf = BundleShelf(registry=registry, first=registry.current(), open=opened)
        app = create_app(opened(registry.path_of(shelf.first)), settings, shelf)
        with live_app(app, settings) as (host, port):
            url = f"http://{host}:{port}"
            with closing(Client(url, KEY)) as client:
                yield Service(url=url, client=client, app=app)
