import pytest

from benchmarks import inputs as inputs_module
from benchmarks.inputs import Inputs, check_quality, evaluation, trained_once
from benchmarks.refused import RefusedError
from tests.unit.benchmarks.test_quality_bar import evaluation as rows
from winnow.bundle.bundle import Bundle
from winnow.bundle.manifest import Manifest
from winnow.bundle.writer import writing_bundle
from winnow.recipes.recipes import retail, tiny
from winnow.schema.schema import Schema


def write_bundle(path, name="small", recipe=None):
    schema = Schema(features=())
    with writing_bundle(path, force=True) as writer:
        writer.schema(schema)
        manifest = Manifest(
            name=name,
            created_at="2026-01-01T00:00:00Z",
            winnow_version="0",
            git_commit="",
            schema_digest=schema.digest,
            space_id="",
            recipe=recipe or retail().to_dict(),
            data={},
            split={},
            training_metrics={},
            parts=writer.parts(),
        )
        writer.finish(manifest)
    return Bundle.open(path)


@pytest.fixture
def commands(monkeypatch):
    """Every command line of ours that is started, none of which runs."""
    started = []
    monkeypatch.setattr(inputs_module, "winnow", lambda *arguments: started.append(arguments))
    return started


def test_a_good_bundle_is_used_without_evaluating_again(tmp_path, commands):
    bundle = write_bundle(tmp_path / "bundle")
    bundle.attach("evaluation", {"rows": rows()})
    assert Inputs(data=tmp_path, cache=tmp_path, given=bundle.path).bundle == bundle.path
    assert commands == []


def test_a_bundle_below_the_bar_is_refused(tmp_path):
    bundle = write_bundle(tmp_path / "bundle")
    bundle.attach("evaluation", {"rows": rows(kept=0.1)})
    with pytest.raises(RefusedError, match=r"kept is 0\.100"):
        check_quality(bundle.path)


def test_a_bundle_without_an_evaluation_is_evaluated_first(tmp_path, monkeypatch):
    bundle = write_bundle(tmp_path / "bundle")
    monkeypatch.setattr(inputs_module, "winnow", lambda *arguments: bundle.attach("evaluation", {"rows": rows()}))
    check_quality(bundle.path)


def test_the_evaluation_of_another_bundle_does_not_count(tmp_path):
    other = write_bundle(tmp_path / "other", name="other")
    attached = other.attach("evaluation", {"rows": rows()})
    bundle = write_bundle(tmp_path / "bundle")
    (bundle.path / "attachments").mkdir()
    attached.rename(bundle.path / "attachments" / attached.name)
    assert evaluation(bundle) is None
    assert bundle.attach("evaluation", {"rows": rows()}).is_file()
    assert evaluation(bundle) == rows()


def test_a_whole_cached_bundle_is_used_again(tmp_path, commands):
    (tmp_path / "retail-demo-store").mkdir()
    write_bundle(tmp_path / "retail").attach("evaluation", {"rows": rows()})
    assert Inputs(data=tmp_path, cache=tmp_path).bundle == tmp_path / "retail"
    assert commands == []


def test_a_damaged_cached_bundle_is_trained_again(tmp_path, monkeypatch):
    (tmp_path / "retail-demo-store").mkdir()
    write_bundle(tmp_path / "retail")
    (tmp_path / "retail" / "schema" / "schema.json").write_text("{}")
    started = []

    def run(*arguments):
        started.append(arguments)
        write_bundle(tmp_path / "retail").attach("evaluation", {"rows": rows()})

    monkeypatch.setattr(inputs_module, "winnow", run)
    assert Inputs(data=tmp_path, cache=tmp_path).bundle == tmp_path / "retail"
    data, out = tmp_path / "retail-demo-store", tmp_path / "retail"
    assert started == [("train", "--recipe", "retail", "--data", data, "--out", out)]


OLDER = {name: each for name, each in tiny().to_dict().items() if name != "counting"}


@pytest.mark.parametrize(
    "recipe",
    [retail().to_dict(), OLDER, {**tiny().to_dict(), "ranking": None}],
    ids=["another", "of a program that knew less", "without a ranker"],
)
def test_a_cached_bundle_of_a_recipe_that_has_changed_is_trained_again(tmp_path, commands, recipe):
    out = tmp_path / "bundle"
    write_bundle(out, recipe=recipe)
    assert trained_once("tiny", tmp_path, out) == out
    assert commands == [("train", "--recipe", "tiny", "--data", tmp_path, "--out", out)]
    assert not out.exists(), "training refuses to write over a bundle"


def test_a_recipe_in_a_file_is_as_good(tmp_path, commands):
    file = tmp_path / "recipe.py"
    file.write_text("from winnow.recipes.recipes import tiny as small\n")
    write_bundle(tmp_path / "bundle", recipe=tiny().to_dict())
    assert trained_once(f"{file}:small", tmp_path, tmp_path / "bundle") == tmp_path / "bundle"
    assert commands == []


def test_missing_data_is_refused_with_the_folder_that_was_looked_for(tmp_path):
    with pytest.raises(RefusedError, match="retail-demo-store"):
        _ = Inputs(data=tmp_path, cache=tmp_path).bundle
