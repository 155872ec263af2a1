from dataclasses import replace

import numpy as np
import pytest

from winnow.engine.state_home import StateHome
from winnow.schema.errors import BundleError, SettingsError
from winnow.stores.counted_types import counted_types
from winnow.stores.event import Event
from winnow.stores.seen_layout import SeenConfig
from winnow.stores.state_config import StateConfig

CONFIG = StateConfig(length=5, counted=counted_types(["click"]))
CLICK = Event(event_id="e1", user_id="ann", item_id="pen", type="click", at=1.0)


def known(store):
    return store.read(["ann"], np.array([np.inf])).events.at.values.tolist()


def test_every_bundle_gets_the_same_store():
    with StateHome() as home:
        home.open(CONFIG).append([CLICK])
        assert known(home.open(CONFIG)) == [1.0]


@pytest.mark.parametrize(
    "asked",
    [
        {"length": 6},
        {"counted": counted_types(["view"])},
        {"seen": SeenConfig(days=8)},
        {"half_life_s": 1.0},
    ],
)
def test_a_bundle_that_asks_for_more_than_the_open_store_has_is_told_to_restart(asked):
    with StateHome() as home:
        store = home.open(CONFIG)
        assert home.open(replace(CONFIG, length=4)) is store
        with pytest.raises(BundleError, match=r"The new bundle asks for longer .* Promote it with the service down"):
            home.open(replace(CONFIG, **asked))


def test_on_a_server_every_bundle_gets_what_it_asks_for():
    with StateHome(url="valkey://127.0.0.1:1/0") as home:
        first = home.open(CONFIG)
        longer = home.open(replace(CONFIG, length=6))
        assert (longer.config.length, longer.client) == (6, first.client)
        assert home.open(CONFIG) is longer


def test_a_url_that_is_wrong_starts_no_service():
    home = StateHome(url="valkeys://127.0.0.1:1/0?ssl_ca_certs=/none.pem")
    with home, pytest.raises(SettingsError, match=r"ssl_ca_certs is '/none\.pem'"):
        home.open(CONFIG)


def test_a_home_with_a_folder_keeps_what_it_was_told(tmp_path):
    for before in (0, 1):
        with StateHome(folder=tmp_path / "state") as home:
            store = home.open(CONFIG)
            assert len(known(store)) == before
            store.append([Event(event_id="e1", user_id="ann", item_id="pen", type="click", at=2e9)])
        assert list((tmp_path / "state").glob("snapshot-*")), "it was taken at the end"


def test_a_home_that_was_never_opened_leaves_nothing_behind(tmp_path):
    with StateHome(folder=tmp_path / "state"):
        pass
    assert not (tmp_path / "state").exists()
