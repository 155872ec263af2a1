"""The whole job on a shop whose truth is planted."""

import csv
import json
import shutil
from dataclasses import asdict, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.unit.bundle.small_bundle import forge, raw_manifest
from tests.unit.pipeline.tables import requests_of
from winnow.api.recommendations import RecommendationRequest
from winnow.bundle.bundle import ATTACHMENTS, EVALUATION, Bundle
from winnow.bundle.manifest import MANIFEST_NAME
from winnow.data.open_dataset import open_dataset
from winnow.data.shop.shop_spec import SIZES
from winnow.data.shop.simulate import simulate
from winnow.data.write_dataset import write_dataset
from winnow.engine.engine import Engine
from winnow.engine.open_engine import open_engine
from winnow.evaluation.report import Report
from winnow.ops.evaluate import evaluate_bundle
from winnow.ops.replay import ReplayedRequests
from winnow.ops.train import train
from winnow.ops.train_files import TrainFiles
from winnow.pipeline.click_hydrators import CLICKS
from winnow.pipeline.pipeline_config import PipelineConfig
from winnow.recipes.config import Config
from winnow.recipes.recipes import tiny
from winnow.schema.errors import BundleError, CheckpointError, DataError
from winnow.serving.routes.recommendations_route import one_request
from winnow.training.progress import silent


def hasty(*, with_ranker: bool = True) -> Config:
    """Trained too little to be good."""
    recipe = tiny()
    ranking = replace(recipe.ranking, requests=300, epochs=1) if with_ranker and recipe.ranking else None
    return replace(recipe, retrieval=replace(recipe.retrieval, epochs=1), ranking=ranking)


@pytest.fixture(scope="module")
def encoded(bundle: Path) -> TrainFiles:
    """The pictures of the shop, as the training of its bundle read them."""
    return TrainFiles(vectors=bundle.parent / "vectors.arrow")


@pytest.fixture(scope="module")
def retrieval_alone() -> Config:
    recipe = hasty(with_ranker=False)
    return replace(recipe, retrieval=replace(recipe.retrieval, epochs=3), clicks=None)


@pytest.fixture(scope="module")
def uncut(shop: Path, encoded: TrainFiles, retrieval_alone: Config, tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """Of a recipe without a ranker and clicks, trained in one go."""
    return train(
        open_dataset(shop), retrieval_alone, tmp_path_factory.mktemp("uncut") / "bundle", silent, files=encoded
    )


@pytest.fixture(scope="module")
def report(bundle: Path):
    return evaluate_bundle(bundle, ("masked", "kept"), silent)


def test_the_evaluation_stands_beside_the_bundle_and_outside_its_hash(report, bundle):
    opened = Bundle.open(bundle)
    assert opened.attachment(EVALUATION) == report.to_dict()
    assert Report.from_dict(opened.attachment(EVALUATION)) == report


def test_the_manifest_reports_the_recall_of_the_index(bundle):
    manifest = Bundle.open(bundle).manifest
    assert manifest.training_metrics["index_recall"] == 1.0, "a small catalogue is searched exactly"
    assert {"retrieval_loss", "retrieved", "ranker_auc", "ranker_choice"} <= manifest.training_metrics.keys()


def test_the_funnel_of_the_report_never_gains_what_a_stage_lost(report):
    for seen in ("masked", "kept"):
        funnel = {row.stage: row.recall for row in report.funnel if row.seen == seen}
        stages = list(funnel)
        retrieved, filled = stages.index("retrieve"), stages.index("fill")
        assert all(funnel[source] <= funnel["retrieve"] for source in stages[:retrieved])
        assert all(funnel[a] >= funnel[b] for a, b in pairwise(stages[retrieved:filled]))


@pytest.mark.slow  # it trains; that a job which was cut ends in the same bundle is tested always
def test_the_same_seed_makes_the_same_files(shop, bundle, tmp_path, encoded):
    first = Bundle.open(bundle)
    second = train(open_dataset(shop), tiny(), tmp_path / "second", silent, files=encoded)
    assert first.manifest.parts == second.manifest.parts
    assert first.manifest.training_metrics == second.manifest.training_metrics


def test_a_recipe_may_draw_its_answers_and_the_same_request_draws_the_same(bundle, tmp_path):
    copy = shutil.copytree(bundle, tmp_path / "bundle", ignore=shutil.ignore_patterns(ATTACHMENTS))
    drawing = replace(tiny(), pipeline=PipelineConfig(select="sample", temperature=0.2))
    sealed = replace(Bundle.open(copy).manifest, recipe=json.loads(json.dumps(asdict(drawing))))
    (copy / MANIFEST_NAME).write_text(sealed.to_json())
    engine = open_engine(copy)
    requests = [one_request(engine, RecommendationRequest(user_id="u1"), name, 1e9) for name in ("a", "a", "b")]
    first, again, other = (engine.pipeline(each) for each in requests)
    assert first.item_rows.tolist() == again.item_rows.tolist() != other.item_rows.tolist()
    assert (first.propensities < 1).all()


def test_a_recipe_without_a_ranker_makes_a_bundle_that_answers_in_the_order_of_retrieval(uncut):
    assert not uncut.has("ranker")
    engine = open_engine(uncut.path)
    answer = engine.pipeline(one_request(engine, RecommendationRequest(user_id="u1"), "r", 1e9))
    assert len(answer.item_rows) == 10
    assert (np.diff(answer.scores) <= 0).all()


def test_a_recipe_without_clicks_learns_nothing_of_impressions(uncut, shop):
    assert open_dataset(shop).impressions is not None
    assert not uncut.has(CLICKS)
    assert not {"click_auc", "click_entropy"} & uncut.manifest.training_metrics.keys()
    engine = open_engine(uncut.path)
    assert not engine.stock.known
    answers(engine)


def test_a_bundle_from_before_there_were_clicks_opens_and_answers_and_takes_items(uncut, tmp_path):
    """Its recipe does not know the word."""
    copy = shutil.copytree(uncut.path, tmp_path / "bundle", ignore=shutil.ignore_patterns(ATTACHMENTS))
    recipe = raw_manifest(copy)["recipe"]
    forge(copy, recipe={name: each for name, each in recipe.items() if name != "clicks"})
    engine = open_engine(copy)
    np.testing.assert_array_equal(answers(engine), answers(open_engine(uncut.path)))
    answers(engine.with_items({"quite new": {}}).without([engine.catalogue.item_ids[0]]))


def answers(engine: Engine) -> np.ndarray:
    asked = replace(requests_of(["u00001", "u00002", "nobody"], k=10), at=np.full(3, 4e9))
    answer = engine.pipeline(asked, details=True)
    assert answer.offsets.tolist() == [0, 10, 20, 30]
    assert not {"visit", "person", CLICKS} & {row.name for row in answer.trace.stages}
    return answer.item_rows


def test_the_ranker_is_asked_for_the_latest_fifth(shop, tmp_path, monkeypatch, encoded):
    caught: list[ReplayedRequests] = []

    def stop(**asked: Any) -> None:
        caught.append(ReplayedRequests(**asked))
        raise KeyboardInterrupt

    monkeypatch.setattr("winnow.ops.train.ReplayedRequests", stop)
    dataset = open_dataset(shop)
    with pytest.raises(KeyboardInterrupt):
        train(dataset, hasty(), tmp_path / "bundle", silent, files=encoded)
    [asked] = caught
    at = asked.data.interactions.at
    assert asked.later.mean() == pytest.approx(0.2, abs=0.01)
    assert at[~asked.later].max() < at[asked.later].min()


def test_stopping_leaves_nothing_behind(shop, tmp_path):
    def stop(what: str, done: int, total: int) -> None:
        if what == "Writing towers":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(open_dataset(shop), hasty(with_ranker=False), tmp_path / "bundle", stop)
    vectors = {"vectors.arrow", "vectors.arrow.lock"}
    assert {each.name for each in tmp_path.iterdir()} == vectors, "what was encoded is there for the next try"


def test_a_job_that_was_cut_goes_on_from_its_checkpoint_and_writes_the_same_bundle(
    shop, uncut, tmp_path, encoded, retrieval_alone
):
    kept = replace(encoded, checkpoint_folder=tmp_path / "kept")
    heard: list[tuple[str, int, int]] = []

    def stop_in_the_third_epoch(what: str, done: int, total: int) -> None:
        if what == "Training retrieval" and done > 2 * total / 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(open_dataset(shop), retrieval_alone, tmp_path / "bundle", stop_in_the_third_epoch, files=kept)
    assert [each.name for each in (tmp_path / "kept").iterdir()] == ["retrieval.safetensors"]
    out = tmp_path / "bundle"
    resumed = train(open_dataset(shop), retrieval_alone, out, lambda *step: heard.append(step), files=kept)
    first = next(done / total for what, done, total in heard if what == "Training retrieval")
    assert first == pytest.approx(2 / 3)
    assert resumed.manifest.parts == uncut.manifest.parts
    assert resumed.manifest.training_metrics == uncut.manifest.training_metrics
    assert list((tmp_path / "kept").iterdir()) == [], "a training that has ended needs no checkpoint"


def test_a_damaged_checkpoint_is_told_before_any_work(shop, tmp_path):
    kept, told = TrainFiles(checkpoint_folder=tmp_path), list[str]()
    (tmp_path / "retrieval.safetensors").write_bytes(b"something else")
    with pytest.raises(CheckpointError, match="something else than a checkpoint"):
        train(open_dataset(shop), hasty(), tmp_path / "bundle", lambda what, *_: told.append(what), files=kept)
    assert told == []
    assert (tmp_path / "retrieval.safetensors").read_bytes() == b"something else"


def test_training_does_not_write_over_a_bundle_unless_told(bundle, shop):
    digest = Bundle.open(bundle).manifest.digest
    with pytest.raises(BundleError, match="already holds a bundle"):
        train(open_dataset(shop), hasty(), bundle, silent)
    assert Bundle.open(bundle).manifest.digest == digest


def test_evaluation_refuses_data_that_the_bundle_was_not_trained_on(bundle, tmp_path):
    write_dataset(simulate(replace(SIZES["tiny"], seed=1)), tmp_path / "other")
    with pytest.raises(DataError, match="other"):
        evaluate_bundle(bundle, ("masked",), silent, data=tmp_path / "other")


def test_a_report_without_a_place_is_refused_before_any_work(bundle, tmp_path):
    told: list[str] = []
    with pytest.raises(IsADirectoryError) as caught:
        evaluate_bundle(bundle, ("masked",), lambda what, *_: told.append(what), rows_file=tmp_path)
    assert caught.value.filename == str(tmp_path)
    assert told == []


SCHEMA = """
tables: {items: items.csv, events: clicks.csv}
events: {time: ts, type: null}
title: name
features:
  - {name: history, of: user, kind: id, transform: {history: {length: 5, types: [click]}}}
  - {name: item_id, of: item, kind: id, transform: vocabulary}
  - {name: genre, of: item, kind: category, transform: vocabulary, card: true}
"""


def test_a_shop_without_a_users_table_or_context_is_trained_from_csv_files_and_a_schema(tmp_path):
    random = np.random.default_rng(0)
    write_csv(tmp_path / "items.csv", ["item_id", "name", "genre"], [[i, f"Item {i}", "ab"[i % 2]] for i in range(60)])
    rows = [
        [f"u{user}", 2 * random.integers(30) + user % 2, 1_700_000_000 + 3_600 * step + user]
        for step in range(400)
        for user in range(3)
    ]
    write_csv(tmp_path / "clicks.csv", ["user_id", "item_id", "ts"], rows)
    (tmp_path / "schema.yaml").write_text(SCHEMA, encoding="utf-8")
    made = train(open_dataset(tmp_path), hasty(), tmp_path / "bundle", silent)
    engine = open_engine(made.path)
    assert made.has("ranker")
    assert not made.has(CLICKS), "where nothing is logged of what was shown, nothing is learned of it"
    assert engine.assembly.ranker.width(CLICKS) is None
    for user in ("u1", "nobody of ours", None):
        answer = engine.pipeline(one_request(engine, RecommendationRequest(user_id=user, k=7), "r", 1.8e9))
        assert len(set(answer.item_rows.tolist())) == 7
        assert engine.catalogue.cards[answer.item_rows[0]].keys() == {"title", "genre"}
    report = evaluate_bundle(made.path, ("kept",), silent)
    assert {row["slice"]: row["value"] for row in report.to_rows() if row["model"] == "item_to_item"}["warm"] > 0


def write_csv(file: Path, head: list[str], rows: list[list[object]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as opened:
        csv.writer(opened).writerows([head, *rows])
