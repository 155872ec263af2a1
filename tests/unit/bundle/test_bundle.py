import hashlib
import json
import shutil

import pytest

from tests.unit.bundle.small_bundle import SCHEMA, SPACE, forge, write_bundle
from winnow.bundle.bundle import Bundle, file_hash
from winnow.bundle.manifest import MANIFEST_NAME, manifest_from_json
from winnow.schema.errors import BundleError
from winnow.schema.schema import Schema, schema_to_dict

FILES = (
    "index/index.json",
    "index/space.json",
    "popularity/weights.npy",
    "query/space.json",
    "query/weights/layer.bin",
    "schema/schema.json",
)
each_file = pytest.mark.parametrize("name", FILES)


@pytest.fixture
def bundle(tmp_path):
    return write_bundle(tmp_path / "bundle")


def refusal(path):
    with pytest.raises(BundleError) as caught:
        Bundle.open(path)
    return str(caught.value)


def test_a_bundle_comes_back_as_it_was(bundle):
    again = Bundle.open(bundle.path)
    assert again == bundle
    assert again.schema == SCHEMA
    assert again.manifest.space_id == SPACE
    assert again.manifest.recipe["name"] == "prüfung"
    assert again.manifest.split == {"train_until": 1.5, "test_until": 2.25}
    assert again.has("query")
    assert not again.has("ranker")
    assert (again.part("query") / "weights" / "layer.bin").read_bytes() == bytes(range(256))


def test_a_part_that_is_not_there_is_named_with_those_that_are(bundle):
    with pytest.raises(BundleError, match="no part 'ranker'; it has: index, popularity, query, schema"):
        bundle.part("ranker")


def test_the_digest_is_the_hash_of_the_file_on_disk(bundle):
    raw = (bundle.path / MANIFEST_NAME).read_bytes()
    assert bundle.manifest.digest == hashlib.sha256(raw).hexdigest() == file_hash(bundle.path / MANIFEST_NAME)
    assert bundle.manifest.parts["schema"] == {
        "schema/schema.json": hashlib.sha256((bundle.path / "schema" / "schema.json").read_bytes()).hexdigest()
    }


def test_a_bundle_may_be_moved_copied_and_linked_to(bundle, tmp_path):
    shutil.copytree(bundle.path, tmp_path / "copy")
    (tmp_path / "current").symlink_to(tmp_path / "copy")
    assert Bundle.open(tmp_path / "copy").manifest == bundle.manifest
    assert Bundle.open(tmp_path / "current").manifest == bundle.manifest


@each_file
def test_a_flipped_bit_names_part_and_file(bundle, name):
    damaged = bytearray((bundle.path / name).read_bytes())
    damaged[len(damaged) // 2] ^= 1
    (bundle.path / name).write_bytes(damaged)
    message = refusal(bundle.path)
    assert f"part '{name.split('/')[0]}'" in message
    assert f"'{name}' has changed" in message
    assert message.endswith("Restore the bundle or train it again.")


def test_a_flipped_bit_in_the_manifest_names_the_manifest(bundle):
    file = bundle.path / MANIFEST_NAME
    file.write_bytes(file.read_bytes().replace(b"280", b"281"))
    assert f"manifest {file} has changed" in refusal(bundle.path)


@each_file
def test_a_missing_file_names_part_and_file(bundle, name):
    (bundle.path / name).unlink()
    message = refusal(bundle.path)
    assert f"part '{name.split('/')[0]}'" in message
    assert f"'{name}' is missing. Restore the bundle or train it again." in message


@each_file
def test_a_folder_in_the_place_of_a_file_is_a_missing_file(bundle, name):
    (bundle.path / name).unlink()
    (bundle.path / name).mkdir()
    assert f"'{name}' is missing" in refusal(bundle.path)


@pytest.mark.parametrize("name", ["extra.bin", "query/extra.bin", "query/weights/.hidden", "attachments"])
def test_an_added_file_is_named(bundle, name):
    (bundle.path / name).write_bytes(b"")
    assert f"does not name: '{name}'" in refusal(bundle.path)


@each_file
def test_a_link_in_the_place_of_a_file_is_refused_even_to_the_same_bytes(bundle, tmp_path, name):
    (bundle.path / name).rename(tmp_path / "elsewhere")
    (bundle.path / name).symlink_to(tmp_path / "elsewhere")
    assert f"holds a link, '{name}'" in refusal(bundle.path)


@pytest.mark.parametrize("name", ["query", "query/weights", "attachments", "extra", MANIFEST_NAME])
def test_a_link_in_the_place_of_a_folder_or_the_manifest_is_refused(bundle, tmp_path, name):
    bundle.attach("evaluation", {})
    elsewhere = tmp_path / "elsewhere"
    if (bundle.path / name).exists():
        (bundle.path / name).rename(elsewhere)
    else:
        elsewhere.mkdir()
    (bundle.path / name).symlink_to(elsewhere)
    assert f"holds a link, '{name}'" in refusal(bundle.path)


def test_a_link_to_nowhere_is_refused(bundle):
    (bundle.path / "query" / "gone").symlink_to("nowhere")
    assert "holds a link, 'query/gone'" in refusal(bundle.path)


@pytest.mark.parametrize(
    ("part", "name"),
    [
        ("query", "query/../../outside"),
        ("query", "../outside"),
        ("..", "../outside"),
        ("query", "/etc/hostname"),
        ("/", "/etc/hostname"),
        ("query", "index/index.json"),
        ("query", ""),
        ("query", "."),
    ],
)
def test_a_manifest_that_points_outside_a_part_is_refused(bundle, tmp_path, part, name):
    (tmp_path / "outside").write_bytes(b"secret")
    parts = bundle.manifest.parts
    forge(bundle.path, parts={**parts, part: {**parts.get(part, {}), name: file_hash(tmp_path / "outside")}})
    message = refusal(bundle.path)
    assert f"part '{part}'" in message
    assert f"names the file '{name}', which lies outside it" in message


def test_a_path_that_climbs_out_and_comes_back_is_refused(bundle):
    parts = {**bundle.manifest.parts, "query": {**bundle.manifest.parts["query"]}}
    parts["query"]["query/../index/index.json"] = parts["index"]["index/index.json"]
    forge(bundle.path, parts=parts)
    assert "part 'query'" in (message := refusal(bundle.path))
    assert "'query/../index/index.json', which lies outside it" in message


def test_a_folder_without_a_manifest_is_no_bundle(tmp_path):
    assert "is not a bundle: it has no manifest.json" in refusal(tmp_path)
    assert "is not a bundle" in refusal(tmp_path / "nowhere")


def test_an_interrupted_copy_is_refused(bundle):
    file = bundle.path / MANIFEST_NAME
    file.write_bytes(file.read_bytes()[:100])
    assert f"manifest {file} is damaged" in refusal(bundle.path)


def test_an_older_format_is_refused_and_not_by_an_upgrade(bundle):
    forge(bundle.path, format=3)
    assert "has the format 3; this program reads format 4. Train the bundle again." in refusal(bundle.path)


def test_a_newer_format_is_refused(bundle):
    forge(bundle.path, format=5)
    assert "has the format 5; this program reads format 4. Upgrade Winnow" in refusal(bundle.path)


@pytest.mark.parametrize("part", ["index", "query"])
def test_a_part_of_another_bundle_is_refused_by_its_space(bundle, tmp_path, part):
    other = write_bundle(tmp_path / "other", space_id="b" * 64)
    shutil.rmtree(bundle.part(part))
    shutil.copytree(other.part(part), bundle.path / part)
    assert f"part '{part}'" in refusal(bundle.path), "the hashes tell already"
    forge(bundle.path)
    message = refusal(bundle.path)
    assert f"part '{part}'" in message
    assert "vector space bbbbbbbbbbbb, the bundle to aaaaaaaaaaaa" in message


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", "\udcff"])
def test_a_part_without_a_readable_space_is_refused(bundle, text):
    (bundle.path / "index" / "space.json").write_bytes(text.encode(errors="surrogateescape"))
    forge(bundle.path)
    assert "part 'index'" in (message := refusal(bundle.path))
    assert "is damaged: space.json" in message


def test_a_part_without_any_space_is_refused(bundle):
    (bundle.path / "query" / "space.json").unlink()
    forge(bundle.path)
    assert "part 'query'" in (message := refusal(bundle.path))
    assert "space.json cannot be read" in message
    assert "older than this program; train the bundle again" in message


def test_a_foreign_schema_is_refused(bundle):
    text = json.dumps(schema_to_dict(Schema(features=())))
    (bundle.path / "schema" / "schema.json").write_text(text)
    forge(bundle.path)
    assert "part 'schema'" in (message := refusal(bundle.path))
    assert "not the schema that its manifest names" in message


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"features": [{"name": "x"}]}'])
def test_a_schema_that_cannot_be_read_is_refused(bundle, text):
    (bundle.path / "schema" / "schema.json").write_text(text)
    forge(bundle.path)
    assert "part 'schema'" in refusal(bundle.path)


def test_a_bundle_without_its_schema_is_refused(bundle):
    shutil.rmtree(bundle.path / "schema")
    forge(bundle.path)
    assert "has no part 'schema'" in refusal(bundle.path)


def test_attachments_lie_beside_the_hashed_parts_and_name_the_manifest(bundle):
    assert bundle.attachment("evaluation") is None
    file = bundle.attach("evaluation", {"rows": [1, "größer"]})
    assert file == bundle.path / "attachments" / "evaluation.json"
    assert json.loads(file.read_text(encoding="utf-8"))["manifest_digest"] == bundle.manifest.digest
    again = Bundle.open(bundle.path)
    assert again.manifest.digest == bundle.manifest.digest
    assert again.attachment("evaluation") == {"rows": [1, "größer"]}
    assert again.attachment("gate") is None


def test_an_attachment_is_replaced_whole_and_leaves_no_scraps(bundle):
    bundle.attach("evaluation", 1)
    with pytest.raises(TypeError):
        bundle.attach("evaluation", object())
    assert bundle.attachment("evaluation") == 1
    bundle.attach("evaluation", 2)
    assert bundle.attachment("evaluation") == 2
    assert [file.name for file in (bundle.path / "attachments").iterdir()] == ["evaluation.json"]


def test_the_attachment_of_another_bundle_is_refused(bundle, tmp_path):
    other = write_bundle(tmp_path / "other", name="other")
    attached = other.attach("evaluation", {"rows": []})
    (bundle.path / "attachments").mkdir()
    shutil.copy(attached, bundle.path / "attachments" / "evaluation.json")
    with pytest.raises(BundleError, match=r"evaluation\.json belongs to another bundle"):
        Bundle.open(bundle.path).attachment("evaluation")


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"content": 1}'])
def test_a_damaged_attachment_is_refused_and_the_bundle_is_not(bundle, text):
    bundle.attach("evaluation", 1).write_text(text)
    with pytest.raises(BundleError, match=r"attachment .*evaluation\.json is damaged"):
        Bundle.open(bundle.path).attachment("evaluation")


def test_the_forger_of_these_tests_makes_manifests_that_open(bundle):
    forge(bundle.path, name="forged")
    assert Bundle.open(bundle.path).manifest.name == "forged"
    assert manifest_from_json((bundle.path / MANIFEST_NAME).read_bytes(), "").name == "forged"
