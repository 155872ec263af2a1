"""What `make bench` measures of a service, on a small bundle and a few requests."""

from contextlib import nullcontext
from dataclasses import replace

import numpy as np
import orjson
import pytest

from benchmarks import bare_parts, in_process, measure, serve_measure
from benchmarks.in_process import InProcess
from benchmarks.refused import RefusedError
from benchmarks.serve_measure import active_users, in_process_rows
from benchmarks.workload import workload_of_engine
from winnow.data.open_dataset import open_dataset
from winnow.engine.open_engine import open_engine
from winnow.features.likeness import VISIT_S


@pytest.fixture
def quickly(monkeypatch):
    for module in (bare_parts, in_process, serve_measure):
        monkeypatch.setattr(module, "ROUNDS", 1)
    for module in (bare_parts, in_process):
        monkeypatch.setattr(module, "WARM_UP", 1)
    monkeypatch.setattr(bare_parts, "FEEDS", 3)
    monkeypatch.setattr(measure, "frozen_garbage", nullcontext)  # it takes longer than all that is measured here


@pytest.fixture
def asked(bundle, shop):
    engine = open_engine(bundle)
    return engine, active_users(workload_of_engine(engine), engine, shop)


def test_users_do_again_what_they_did_in_their_first_half_hour_after_training(asked, shop):
    engine, users = asked
    late = [each for each in open_dataset(shop).events.to_pylist() if each["at"] > engine.trained_until]
    assert users.user_ids
    for user in users.user_ids:
        came = [each for each in late if each["user_id"] == user]
        visit = [each for each in came if each["at"] < came[0]["at"] + VISIT_S]
        done = [each for each in users.done if each.user_id == user]
        assert [(each.item_id, each.type) for each in done] == [(it["item_id"], it["event_type"]) for it in visit]
        assert done[-1].at == pytest.approx(users.at - 1)
        np.testing.assert_allclose(np.diff([each.at for each in done]), np.diff([it["at"] for it in visit]), atol=1e-3)
        assert any(each.type in engine.schema.events.positives for each in done)
    assert f"{len(users.user_ids)} real users" in users.told


def test_the_floor_is_the_sum_of_its_parts_and_the_ratio_is_of_the_same_run(quickly, asked):
    engine, users = asked
    rows = {row.name: row for row in in_process_rows("serve", engine, users, "sizes")}
    assert list(rows) == [
        "serve.in_process.p50_ms",
        "serve.in_process.p99_ms",
        "serve.floor_ms",
        "serve.ratio_to_floor",
    ]
    assert all(row.how.endswith("; sizes") for row in rows.values())
    whole, floor = rows["serve.in_process.p50_ms"].value, rows["serve.floor_ms"].value
    assert rows["serve.ratio_to_floor"].value == pytest.approx(whole / floor)


def test_every_part_of_a_request_is_called_and_the_faster_search_counts(quickly, asked):
    parts = bare_parts.bare_parts_ms(InProcess.of(*asked))
    searches = [name for name in parts if name.startswith("search")]
    assert set(parts) - set(searches) == {"JSON", "state", "Bloom", "query", "ranker", "clicks"}
    assert len(searches) == 1
    assert all(taken > 0 for taken in parts.values())


def test_a_floor_without_state_is_refused(quickly, asked):
    engine, users = asked
    silent = replace(InProcess.of(engine, users), engine=engine, users=replace(users, user_ids=("nobody",) * 3))
    with pytest.raises(RefusedError, match="seen nothing"):
        bare_parts.bare_parts_ms(silent)


def test_what_is_answered_in_process_is_what_the_service_sends(asked):
    answer = orjson.loads(InProcess.of(*asked).answer(0))
    assert len(answer["items"]) == 10
    assert answer["degraded"] == []
