"""What visitors do in a service is in the next data set: from its journal, over the event log, into the events."""

import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.logged_events import CONFIG, ids_of
from winnow.cli.main import app
from winnow.data.open_dataset import open_dataset
from winnow.data.split import split_by_time
from winnow.evaluation.leaks.find_leaks import find_leaks
from winnow.stores.durable_state import DurableState
from winnow.stores.event import Event


def winnow(*words: object, **environment: str) -> str:
    answer = CliRunner().invoke(app, [str(each) for each in words], env=environment)
    assert answer.exit_code == 0, (answer.output, answer.exception)
    return answer.output


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("simulated") / "shop"
    winnow("data", "simulate", "--recipe", "tiny", "--out", folder)
    return folder


def test_events_of_a_service_are_in_the_next_data_set_and_nothing_leaks(shop, tmp_path):
    state, log, out = tmp_path / "state", tmp_path / "log", tmp_path / "next"
    before = open_dataset(shop)
    users, items = (before.events[name].unique().to_pylist() for name in ("user_id", "item_id"))
    first = before.events["at"].to_pylist()[-1] + 60
    assert first < time.time()
    events = [
        Event(
            event_id=f"e{number}", user_id=users[number % 20], item_id=items[number % 30], type=kind, at=first + number
        )
        for number, kind in enumerate(["click", "purchase", "cart", "click"] * 50)
    ]
    newcomer = Event(event_id="new", user_id="session:a1", item_id=items[0], type="click", at=first + 1_000)
    gone = Event(event_id="gone", user_id=users[0], item_id="no such item", type="click", at=first)
    shown = Event(event_id="shown", user_id=users[0], item_id=items[1], type="impression", at=first)
    store = DurableState.open(state, CONFIG)
    store.append([*events, newcomer, gone, shown])

    told = winnow("worker", "--once", WINNOW_STATE=str(state), WINNOW_EVENTS=str(log))
    assert told.startswith("Wrote 203 entries to ")
    assert set(ids_of(log).values()) == {1}
    output = winnow("data", "import", shop, "--events", log, "--out", out)
    assert "events: 201 came to the service: added" in output
    assert "events: 1 logged rows name an item that the items table does not have: dropped" in output
    unserved = "impressions of no list that was logged, or were reported before"
    assert f"events: 1 logged rows are {unserved}: dropped" in output

    dataset = open_dataset(out)
    assert dataset.events.num_rows == before.events.num_rows + 201
    assert dataset.events.slice(0, before.events.num_rows).equals(before.events.cast(dataset.events.schema))
    told_of = {(event.user_id, event.item_id, event.type, event.at) for event in [*events, newcomer]}
    new = dataset.events.slice(before.events.num_rows).select(["user_id", "item_id", "event_type", "at"]).to_pylist()
    assert {tuple(row.values()) for row in new} == told_of
    assert not find_leaks(dataset, split_by_time(dataset, 7.0)).leaks

    # The same log a second time says nothing new.
    assert "added" not in winnow("data", "import", out, "--events", log, "--out", tmp_path / "again")
    assert open_dataset(tmp_path / "again").events.equals(dataset.events)
    store.close()


def test_a_forgotten_visitor_leaves_the_log_and_is_in_no_later_data_set(shop, tmp_path):
    items = open_dataset(shop).events["item_id"].unique().to_pylist()
    state, log = tmp_path / "state", tmp_path / "log"
    store = DurableState.open(state, CONFIG)
    at = time.time() - 1_000
    store.append(
        [
            Event(
                event_id=f"e{number}",
                user_id=("ann", "bob")[number % 2],
                item_id=items[0],
                type="click",
                at=at + number,
            )
            for number in range(10)
        ]
    )
    told = {"WINNOW_STATE": str(state), "WINNOW_EVENTS": str(log)}
    winnow("worker", "--once", **told)
    assert winnow("worker", "forget", "ann", **told).strip() == "Removed 5 rows from 1 files."
    assert winnow("worker", "forget", "ann", **told).strip() == "Removed 0 rows from 0 files."
    store.forget("bob")
    store.append([Event(event_id="back", user_id="bob", item_id=items[0], type="click", at=at)])
    winnow("worker", "--once", **told)
    assert ids_of(log) == {"back": 1}
    store.close()
    winnow("data", "import", shop, "--events", log, "--out", tmp_path / "next")
    assert {"ann", "bob"} & set(open_dataset(tmp_path / "next").events["user_id"].to_pylist()) == {"bob"}


@pytest.mark.parametrize(
    ("words", "environment", "sentence"),
    [
        (["worker"], {}, "name one with --events or WINNOW_EVENTS"),
        (["worker", "--events", "log"], {}, "Nobody says where events come from"),
        (["worker", "--events", "log", "--features", "b"], {}, "from the server that the services share"),
        (["worker", "--events", "nowhere", "forget", "ann"], {}, "nowhere is no folder of an event log"),
        (["worker", "forget", "ann", "--events", "nowhere"], {}, "nowhere is no folder of an event log"),
        (["data", "import", ".", "--events", "nowhere", "--out", "x"], {}, "nowhere is no folder of an event log"),
    ],
)
def test_what_is_missing_is_said(words, environment, sentence, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("WINNOW_EVENTS", "WINNOW_STATE", "WINNOW_VALKEY_URL"):
        monkeypatch.delenv(name, raising=False)
    answer = CliRunner().invoke(app, words, env=environment)
    assert answer.exit_code == 1
    assert sentence in str(answer.exception)
    assert not list(tmp_path.iterdir())
