"""`winnow bench serve`, on a small bundle and for a moment."""

import json
import time
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from winnow.bundle.bundle import Bundle
from winnow.cli.main import app
from winnow.engine.open_engine import open_engine
from winnow.ops.load import held_rate, measure_capacity, measured_service
from winnow.ops.load.answer_agreement import agreement, answers_to
from winnow.ops.load.capacity_plan import CapacityPlan
from winnow.ops.load.known_visitors import known_visitors
from winnow.ops.load.tried_indexes import index_note, made_of, tried_indexes
from winnow.schema.errors import WinnowError

VISITORS = 20


@pytest.fixture(scope="module")
def engine(bundle):
    return open_engine(bundle)


def test_a_service_is_started_and_measured_and_the_command_tells_it(bundle, tmp_path, monkeypatch):
    monkeypatch.setattr(measured_service, "LONGEST_S", 0.0)
    monkeypatch.setattr(held_rate, "TRIES", 1)
    plan = CapacityPlan(target_p99_ms=60_000.0, shares=(1.0,), seconds=0.1, visitors=VISITORS)
    bars = list[tuple[str, int, int]]()
    report = measure_capacity.measure_capacity(bundle, plan, lambda *told: bars.append(told))
    (row,) = report.rows
    assert (row.setting.index, row.agreement, row.recall) == ("exact", 1.0, 1.0)
    assert 0 < row.idle_p50_ms <= row.idle_p99_ms
    assert row.per_s > 0
    assert bars == sorted(bars)
    assert bars[-1] == ("loads", measured_service.STEPS, measured_service.STEPS)

    # The command asks for just such a report.
    asked = list[CapacityPlan]()
    monkeypatch.setattr(measure_capacity, "measure_capacity", lambda _, plan, __: asked.append(plan) or report)
    file = tmp_path / "capacity.json"
    command = ["bench", "serve", str(bundle), "--target-p99", "0.05s", "--seconds", "2", "--json", str(file)]
    result = CliRunner().invoke(app, command, catch_exceptions=False, env={"WINNOW_VALKEY_URL": ""})
    assert asked == [CapacityPlan(target_p99_ms=50.0, seconds=2.0)]
    assert report.proposal in result.output
    assert json.loads(file.read_text()) == report.to_dict()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["BUNDLE", "--target-p99", "soon"], "'soon' is not a duration"),
        (["nowhere"], "nowhere"),
        (["BUNDLE", "--workers", "2"], "WINNOW_VALKEY_URL"),
    ],
)
def test_what_cannot_be_measured_is_a_sentence(bundle, arguments, sentence):
    given = [str(bundle) if each == "BUNDLE" else each for each in arguments]
    with pytest.raises(WinnowError, match=sentence):
        CliRunner().invoke(app, ["bench", "serve", *given], catch_exceptions=False, env={"WINNOW_VALKEY_URL": ""})


def test_less_retrieval_is_fewer_candidates_of_the_same_sources_and_other_answers(bundle, engine):
    visitors, now = known_visitors(engine, VISITORS), time.time()
    part = open_engine(bundle, retrieval_share=0.1)
    assert [each.name for each in part.pipeline.sources] == [each.name for each in engine.pipeline.sources]
    whole, less = answers_to(engine, engine.pipeline, visitors, now), answers_to(part, part.pipeline, visitors, now)
    assert less.candidates < whole.candidates / 2
    assert agreement(whole, whole) == 1.0
    assert 0 < agreement(less, whole) < 1
    # What a bundle is tried by before it is put before visitors is what it was trained with.
    alone = answers_to(engine.alone(), engine.alone().pipeline, visitors, now)
    assert answers_to(part.alone(), part.alone().pipeline, visitors, now) == alone


def test_other_indexes_are_copies_of_the_bundle_that_open_and_answer_the_same(bundle, engine, tmp_path):
    visitors, now = known_visitors(engine, VISITORS), time.time()
    whole = answers_to(engine, engine.pipeline, visitors, now)
    tried = list(tried_indexes(bundle, tmp_path, engine, visitors, few=1))
    assert [each.card.kind for each in tried] == ["exact", "faiss_ivf", "faiss_ivfpq", "faiss_hnsw"]
    for each in tried[1:]:
        assert Bundle.open(each.path).manifest.recipe["index"]["kind"] in each.card.kind
        found = open_engine(each.path)
        assert agreement(answers_to(found, found.pipeline, visitors, now), whole) > 0.9
        pipeline, _ = made_of(engine)[0].pipelines(each.stock)
        assert answers_to(engine, pipeline, visitors, now) == answers_to(found, found.pipeline, visitors, now)


def test_a_small_shop_is_told_why_no_other_index_is_tried(bundle, engine, tmp_path):
    visitors = known_visitors(engine, 3)
    assert len(list(tried_indexes(bundle, tmp_path, engine, visitors))) == 1
    assert "not tried below 20,000 items" in index_note(engine, visitors)


def test_an_engine_that_does_not_say_what_it_is_made_of_is_refused(engine):
    with pytest.raises(WinnowError, match="does not say"):
        made_of(replace(engine, assembly=None))
