import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.unit.bundle.small_bundle import write_bundle
from tests.unit.serving.conftest import KEY, Caller, caller_of
from tests.unit.serving.seats import seat
from tests.unit.serving.small_engine import small_engine
from winnow.bundle.bundle import EVALUATION
from winnow.bundle.registry import Registry
from winnow.serving.access.known_key import hashed_keys
from winnow.serving.app import create_app
from winnow.serving.engines.bundle_shelf import BundleShelf
from winnow.serving.settings.settings import Settings

TOLD = {"rows": [{"method": "winnow", "ndcg": 0.5}], "gap": float("nan")}


@pytest.fixture
def bundle(tmp_path):
    made_at = datetime.fromtimestamp(time.time(), UTC) - timedelta(hours=1)
    return write_bundle(tmp_path / "a", created_at=made_at.isoformat())


def admin(bundle, shelf=None, key: str = KEY) -> Caller:
    engine = replace(small_engine(), bundle=bundle)
    settings = Settings(key_hashes=hashed_keys((KEY, "read:a-key-of-the-site")))
    return Caller(create_app(engine, settings, shelf), headers={"Authorization": f"Bearer {key}"})


def refusal(caller: Caller, query: str = "") -> tuple[int, str, str]:
    answer = caller.get(f"/v1/admin/report{query}")
    return answer.status_code, answer.json()["error"]["code"], answer.json()["error"]["message"]


def test_a_report_is_the_evaluation_and_what_the_bundle_says_of_its_training(bundle):
    bundle.attach(EVALUATION, TOLD)
    answer = admin(bundle).get("/v1/admin/report").json()
    assert answer["evaluation"] == {"rows": TOLD["rows"], "gap": None}
    assert (answer["bundle"], answer["digest"]) == (bundle.manifest.name, bundle.manifest.digest)
    assert answer["recipe"]["pipeline"] == {"ann_quota": 280, "seen_types": ["view"]}
    assert answer["training_metrics"] == {"recall_at_10": 0.125}
    assert 3600 <= answer["age_s"] < 7200


def test_a_bundle_that_is_evaluated_while_it_serves_is_reported_from_then_on(bundle):
    caller = admin(bundle)
    status, code, sentence = refusal(caller)
    assert (status, code) == (404, "not_evaluated")
    assert sentence.startswith(f"The bundle {bundle.manifest.name} was never evaluated; ")
    bundle.attach(EVALUATION, TOLD)
    assert caller.get("/v1/admin/report").status_code == 200


def test_a_report_of_another_bundle_is_refused(bundle, tmp_path):
    other = write_bundle(tmp_path / "other", name="another")
    other.attach(EVALUATION, TOLD).rename(bundle.attach(EVALUATION, TOLD))
    status, code, sentence = refusal(admin(bundle))
    assert (status, code) == (409, "bundle_refused")
    assert "belongs to another bundle" in sentence


def test_bundles_of_a_registry_are_named_and_nothing_else(bundle, tmp_path):
    write_bundle(tmp_path / "b", name="bundle-b").attach(EVALUATION, TOLD)
    shelf = BundleShelf(registry=Registry(tmp_path), first="a", open=lambda _: seat("b").engine)
    caller = admin(bundle, shelf)
    assert caller.get("/v1/admin/report?bundle=b").json()["bundle"] == "bundle-b"
    assert refusal(caller, "?bundle=a")[:2] == (404, "not_evaluated")
    for name in ("..", "%2Fetc", "c", "b%2F..%2Fb"):
        assert refusal(caller, f"?bundle={name}")[:2] == (404, "no_such_bundle")
    assert refusal(admin(bundle), "?bundle=b")[:2] == (409, "no_registry")


def test_only_keys_that_may_do_all_read_reports(bundle):
    assert refusal(admin(bundle, key="a-key-of-the-site"))[:2] == (403, "role_missing")
    assert caller_of(small_engine()).get("/v1/admin/report").status_code == 403
    assert refusal(admin(None))[:2] == (404, "not_evaluated")
