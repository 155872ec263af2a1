"""`winnow state audit`: an honest filter passes, and what is planted is found, on a server and in a folder."""

import json
import shutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from tests.audited_place import Place, in_folder, on_server
from tests.unit.bundle.small_bundle import forge, raw_manifest
from winnow.cli.main import app
from winnow.ops.seen_audit.audited_state import audited_state
from winnow.pipeline.catalogue_files import open_catalogue
from winnow.schema.errors import DataError, SettingsError
from winnow.serving.event_log.forget_logged import forget_logged
from winnow.serving.settings.settings import Settings
from winnow.stores.event import Event
from winnow.stores.state_store import StateStore
from winnow.stores.valkey_keys import UserKeys

DAY_S = 86_400.0
USERS = [f"visitor {number}" for number in range(40)]


PLACES = {"server": on_server, "folder": in_folder}


@pytest.fixture(params=PLACES)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    with PLACES[request.param](tmp_path) as made:
        yield made


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Place]:
    with on_server(tmp_path) as made:
        yield made


@pytest.fixture(scope="module")
def item_ids(bundle: Path) -> tuple[str, ...]:
    return open_catalogue(bundle / "catalogue").item_ids


def with_filter(bundle: Path, folder: Path, **seen: float) -> Path:
    """The bundle with another filter in its recipe."""
    shutil.copytree(bundle, folder)
    recipe = raw_manifest(folder)["recipe"]
    forge(folder, recipe={**recipe, "pipeline": {**recipe["pipeline"], "seen": seen}})
    return folder


def events_of(user: str, items: Sequence[str], *, days: int = 1, kind: str = "click") -> list[Event]:
    """One event on each item, spread over the last days."""
    now = time.time()
    return [
        Event(
            event_id=f"{user} {kind} {number}",
            user_id=user,
            item_id=item,
            type=kind,
            at=now - 5 - number - number % days * DAY_S,
        )
        for number, item in enumerate(items)
    ]


def fill(store: StateStore, item_ids: Sequence[str], each: int = 30) -> set[tuple[str, str]]:
    """Lets all users click on items of theirs; returns which pairs that are."""
    generator, had = np.random.default_rng(0), set[tuple[str, str]]()
    for user in USERS:
        items = generator.choice(item_ids, each, replace=False).tolist()
        store.append(events_of(user, items, days=7))
        had |= {(user, item) for item in items}
    return had


def run(place: Place, *arguments: object):
    return CliRunner().invoke(app, ["state", "audit", *map(str, arguments)], env=place.environment)


def test_an_honest_filter_passes_and_every_pair_is_counted(bundle, item_ids, place, tmp_path):
    with place.opened(bundle) as store:
        had = fill(store, item_ids)
        store.append(events_of(USERS[0], item_ids[:20], kind="impression"))
    place.write()
    audit = place.audit(bundle)
    assert (audit.users, audit.left_out, audit.holds) == (40, {}, True)
    assert (audit.seen_pairs, audit.num_missing) == (len(had), 0)
    # So small a shop has not as many pairs as were wanted.
    assert audit.pairs == len(USERS) * len(item_ids) - len(had)
    assert f"Only {audit.pairs:,} of 100,000 unseen pairs exist" in "\n".join(audit.lines())
    assert audit.page_items == 10 * len(USERS)
    assert sum(row.users for row in audit.by_fill) == 40
    told = run(place, bundle, "--pairs", 500, "--json", tmp_path / "out" / "audit.json")
    assert told.exit_code == 0, told.output
    assert "Unseen pairs: 500; hidden: " in told.output
    assert "every one is hidden" in told.output
    written = json.loads((tmp_path / "out" / "audit.json").read_text())
    assert (written["pairs"], written["seen_pairs"], written["holds"]) == (500, len(had), True)


def test_of_whom_the_log_does_not_know_all_nothing_is_asked(bundle, item_ids, place):
    with place.opened(bundle) as store:
        had = fill(store, item_ids)
        for user in USERS[:10]:
            store.append(events_of(f"session of {user}", item_ids[:8]))
        # All that is done afterwards would be an error of the filter if only events counted.
        place.write()
        for user in USERS[:10]:
            store.merge(f"session of {user}", user)
        store.reset(USERS[10])
        store.forget(USERS[11])
        place.write()
        forget_logged(place.log, {USERS[12]: time.time()})
        store.append([replace(each, event_id="late") for each in events_of(USERS[13], [item_ids[0]])])
        store.reset(USERS[14])
    audit = place.audit(bundle)
    assert audit.holds, audit.lines()
    assert sum(audit.left_out.values()) == 2
    assert [count for why, count in audit.left_out.items() if "has not come" in why] == [2]
    # Sessions that became users are nobody any more, and of who was forgotten the log has nothing.
    assert audit.users == 36
    gone = {*USERS[10:15]}
    assert audit.seen_pairs == len({pair for pair in had if pair[0] not in gone})


def test_events_that_the_log_has_lost_are_not_taken_for_errors(bundle, item_ids, place):
    with place.opened(bundle) as store:
        fill(store, item_ids)
    place.write()
    lost, *_ = sorted(place.log.glob("day=*"))
    shutil.rmtree(lost)
    with pytest.raises(DataError, match=r"nobody to ask about.*does not have"):
        place.audit(bundle)


def test_a_filter_that_is_far_too_small_for_its_load_is_caught(bundle, item_ids, place, tmp_path):
    small = with_filter(bundle, tmp_path / "small", items_a_day=1, error_rate=0.01, days=1)
    with place.opened(small) as store:
        for user in USERS[:5]:
            strange = [f"not in the catalogue {number}" for number in range(800)]
            store.append(events_of(user, [*item_ids[:10], *strange]))
    place.write()
    audit = place.audit(small)
    assert audit.interval[0] > 0.01
    assert (audit.keeps_rate, audit.num_missing, audit.holds) == (False, 0, False)
    assert audit.lost > 0
    told = run(place, small)
    assert told.exit_code == 1
    assert "ABOVE the stated rate" in told.output


def test_a_bitmap_that_is_damaged_is_caught_and_so_are_the_items_that_it_costs(bundle, item_ids, server):
    with server.opened(bundle) as store:
        fill(store, item_ids)
    server.write()
    (key,) = UserKeys.of(USERS[3]).seen([int(time.time() // DAY_S)])
    server.client.send([("SETRANGE", key, 0, b"\xff" * 400)])
    audit = server.audit(bundle)
    assert not audit.holds
    (over,) = [row for row in audit.by_fill if row.fill == "over 1/2"]
    assert (over.users, over.hidden) == (1, len(item_ids) - 30)
    assert (audit.lost, audit.pages_short, audit.worst_page) == (10, 1, 10)


def test_a_pair_that_was_had_and_is_not_hidden_is_named(bundle, item_ids, server):
    with server.opened(bundle) as store:
        had = fill(store, item_ids)
    server.write()
    keys, today = UserKeys.of(USERS[3]), int(time.time() // DAY_S)
    server.client.send([("DEL", *keys.seen(range(today - 7, today + 1)), *keys.events())])
    audit = server.audit(bundle)
    assert (audit.keeps_rate, audit.holds) == (True, False)
    own = {item for user, item in had if user == USERS[3]}
    # Bits of a day that was over meanwhile are not asked for.
    assert len(own) - 5 <= audit.num_missing <= len(own)
    assert {each.user_id for each in audit.missing} == {USERS[3]}
    assert {each.item_id for each in audit.missing} <= own
    told = run(server, bundle)
    assert told.exit_code == 1
    assert "are NOT hidden" in told.output
    assert f"user {USERS[3]}, item {audit.missing[0].item_id}" in told.output


def test_impressions_that_count_by_the_recipe_are_no_errors(bundle, item_ids, place, tmp_path):
    shown = shutil.copytree(bundle, tmp_path / "shown")
    recipe = raw_manifest(shown)["recipe"]
    forge(shown, recipe={**recipe, "pipeline": {**recipe["pipeline"], "seen_impressions": 2}})
    with place.opened(shown) as store:
        for user in USERS[:3]:
            store.append(
                [
                    *events_of(user, item_ids[:2]),
                    *events_of(user, [*item_ids[5:9] * 2, item_ids[10]], kind="impression"),
                ]
            )
    place.write()
    audit = place.audit(shown)
    assert audit.holds, audit.lines()
    assert audit.pairs == 3 * (len(item_ids) - 2 - 5)
    with place.opened(shown) as store:
        rows = store.read([USERS[0]], np.array([np.inf])).events
        assert len(rows.at.values) == 11


def test_a_folder_that_a_service_is_using_is_left_alone(bundle, tmp_path):
    with in_folder(tmp_path) as place, place.opened(bundle), pytest.raises(SettingsError, match="in use by another"):
        place.audit(bundle)


def test_it_says_what_it_needs(bundle, tmp_path):
    with pytest.raises(SettingsError, match="WINNOW_VALKEY_URL"), audited_state(Settings(events=tmp_path)):
        pass
    with in_folder(tmp_path) as place, pytest.raises(DataError, match="no folder of an event log"):
        place.audit(bundle)
    with in_folder(tmp_path) as place:
        place.write()
        with pytest.raises(DataError, match="knows of nobody who had an item in the last 7 days"):
            place.audit(bundle)
