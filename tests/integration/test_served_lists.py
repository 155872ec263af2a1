"""What a service answers is logged as it was read and as it was shown, and is in the next data set."""

import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from tests.logged_events import CONFIG
from tests.unit.serving.live_service import live_service
from winnow.api.client import Client
from winnow.api.events import VisitorEvent
from winnow.cli.main import app
from winnow.data.open_dataset import open_dataset
from winnow.engine.engine import Engine
from winnow.engine.open_engine import open_engine
from winnow.engine.state_home import StateHome
from winnow.schema.schema import EventType
from winnow.schema.session_name import is_session
from winnow.serving.access.known_key import hashed_keys
from winnow.serving.event_log.logged_events import logged_events
from winnow.serving.event_log.logged_lists import logged_lists
from winnow.serving.event_log.served_part import CANDIDATE, REQUEST
from winnow.serving.settings.settings import Settings
from winnow.stores.event import Event
from winnow.stores.memory_state import MemoryState

KEY = "a-key-of-the-tests"


def told(answer, place: int, kind: EventType, **who: str) -> VisitorEvent:
    item = answer["items"][place]["item_id"]
    return VisitorEvent(item_id=item, type=kind, request_id=answer["request_id"], **who)


@pytest.fixture(scope="module")
def visited(bundle: Path, tmp_path_factory: pytest.TempPathFactory):
    """A service that was asked by a user and by a session, which then logged in; and its event log."""
    folder = tmp_path_factory.mktemp("service")
    log, state = folder / "log", folder / "state"
    with StateHome(folder=state) as home:
        engine = open_engine(bundle, home.open)
        settings = Settings(port=0, key_hashes=hashed_keys([KEY]), state=state, events=log)
        with live_service(engine, settings) as (host, port):
            client = Client(f"http://{host}:{port}", KEY)
            first = client.recommend("u1", {"device_type": "phone"}, k=5)
            second = client.recommend(None, k=3, session_id="a visit")
            client.events(
                [
                    *(told(first, place, EventType.IMPRESSION, user_id="u1") for place in range(4)),
                    told(first, 2, EventType.CLICK, user_id="u1"),
                    told(first, 2, EventType.PURCHASE, user_id="u1"),
                    *(told(second, place, EventType.IMPRESSION, session_id="a visit") for place in range(3)),
                    told(second, 0, EventType.DISMISS, session_id="a visit"),
                ]
            )
            client.merge_session("u2", "a visit")
            third = client.recommend("u1", k=2)
            client.recommend("u3", k=2)
            client.close()
        answer = CliRunner().invoke(app, ["worker", "--once", "--events", str(log)], env={"WINNOW_STATE": str(state)})
        assert answer.exit_code == 0, answer.output
    return engine, log, (first, second, third)


def test_the_ranker_gives_what_was_logged_the_scores_that_were_served(visited):
    engine, log, answers = visited
    lists = {row["request_id"]: row for row in logged_lists(log, engine.digest).to_pylist()}
    assert lists.keys() > {answer["request_id"] for answer in answers}
    ranker = engine.assembly.ranker
    for answer in answers:
        row = lists[answer["request_id"]]
        items = [item["item_id"] for item in answer["items"]]
        assert (row["item_ids"], row["degraded"]) == (items, [])
        feed = {name: as_input(engine, row, f"{REQUEST}{name}", ()) for name in ranker.inputs["request"]}
        feed |= {
            name: as_input(engine, row, f"{CANDIDATE}{name}", (len(items),)) for name in ranker.inputs["candidate"]
        }
        np.testing.assert_allclose(ranker(feed)["score"][0], [item["score"] for item in answer["items"]], rtol=1e-5)
        assert row["scores"] == [item["score"] for item in answer["items"]]
    assert lists[answers[1]["request_id"]]["user_id"] == "u2", "who was a session then"


def as_input(engine: Engine, row, name: str, shape: tuple[int, ...]):
    taken = {each.name: each.type for each in engine.assembly.ranker.session.get_inputs()}
    kind = np.float32 if "float" in taken[name.split(":")[1]] else np.int32
    return np.array(row[name], kind).reshape(1, *shape, -1)


def test_what_was_shown_and_what_came_of_it_is_in_the_next_data_set(visited, shop, tmp_path):
    _, log, (first, second, _) = visited
    asked = ["data", "import", str(shop), "--events", str(log), "--out", str(tmp_path / "next")]
    output = CliRunner().invoke(app, asked)
    assert output.exit_code == 0, output.output
    before, after = open_dataset(shop), open_dataset(tmp_path / "next")
    new = after.impressions.slice(before.impressions.num_rows).to_pylist()
    example = ", ".join(f"{name}={new[0][name]}" for name in ("user_id", "item_id", "at"))
    told_of = f"impressions: 7 came to the service: added (first: ({example}))"
    assert told_of in output.output.replace("\n", " ")
    told = [(each["user_id"], each["item_id"], each["position"], each["outcome"], each["device_type"]) for each in new]
    items = [[item["item_id"] for item in answer["items"]] for answer in (first, second)]
    assert told == [
        *(("u1", items[0][place], place + 1, "purchase" if place == 2 else None, "phone") for place in range(4)),
        *(("u2", items[1][place], place + 1, None if place else "dismiss", None) for place in range(3)),
    ]
    assert all(each["propensity"] == 1.0 and abs(each["at"] - time.time()) < 600 for each in new)
    events = after.events.slice(before.events.num_rows).to_pylist()
    assert [(each["event_type"], each["device_type"]) for each in events] == [
        ("click", "phone"),
        ("purchase", "phone"),
        ("dismiss", None),
    ]


def test_a_login_closes_the_past_of_a_session_and_costs_the_log_no_row(bundle, tmp_path):
    log, state = tmp_path / "log", tmp_path / "state"
    with StateHome(folder=state) as home:
        engine = open_engine(bundle, home.open)
        known = next(name for name in engine.users.past.user_ids if is_session(name))
        item = engine.catalogue.item_ids[0]
        engine.state.append([Event(event_id="e", user_id=known, item_id=item, type="click", at=time.time())])
        assert engine.state.merge(known, "u1") == 1
        assert engine.state.read([known], np.array([np.inf])).forgotten.tolist() == [True]
    answer = CliRunner().invoke(app, ["worker", "--once", "--events", str(log)], env={"WINNOW_STATE": str(state)})
    assert answer.exit_code == 0, answer.output
    assert [(row["user_id"], row["item_id"]) for row in logged_events(log).to_pylist()] == [("u1", item)]


def test_who_is_forgotten_learns_how_many_rows_of_the_log_went(visited):
    engine, log, (_, second, _) = visited
    settings = Settings(port=0, key_hashes=hashed_keys([KEY]), events=log)
    with live_service(replace(engine, state=MemoryState(CONFIG)), settings) as (host, port):
        client = Client(f"http://{host}:{port}", KEY)
        # Of a session that had logged in: three impressions, a dismissal and a list; and the login itself.
        assert client.forget("u2")["log_rows"] == 6
        assert client.forget("u2")["log_rows"] == 0
        client.close()
    left = logged_lists(log).to_pylist()
    assert second["request_id"] not in {row["request_id"] for row in left}
    assert {row["user_id"] for row in left} == {"u1", "u3"}
