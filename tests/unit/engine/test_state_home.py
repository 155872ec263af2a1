import numpy as np

from winnow.engine.state_home import StateHome
from winnow.stores.counted_types import counted_types
from winnow.stores.event import Event
from winnow.stores.state_config import StateConfig

CONFIG = StateConfig(length=5, counted=counted_types(["click"]))
CLICK = Event(event_id="e1", user_id="ann", item_id="pen", type="click", at=1.0)


def known(store):
    return store.read(["ann"], np.array([np.inf])).events.at.values.tolist()


def test_every_bundle_gets_the_same_store():
    with StateHome() as home:
        home.open(CONFIG).append([CLICK])
        assert known(home.open(CONFIG)) == [1.0]


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
