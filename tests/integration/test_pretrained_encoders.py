"""Words by a real Sentence-BERT and pictures by a CLIP: trained with, carried in the bundle, and used without torch."""

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.served_encoders import MINILM
from tests.trained_shop import values_of_items
from winnow.bundle.bundle import Bundle
from winnow.bundle.manifest import MANIFEST_NAME
from winnow.data.open_dataset import open_dataset
from winnow.engine.open_engine import open_engine
from winnow.features.encoders.saved_encoder import SavedEncoder
from winnow.ops.train import PROBLEMS, train
from winnow.recipes.config import Config
from winnow.recipes.recipes import tiny
from winnow.schema.errors import EncoderError, RequestError
from winnow.schema.progress import silent
from winnow.training.contents import EncodersConfig

BLOCKED = ("torch", "transformers", "sentence_transformers", "sklearn", "scipy")
PUT = """
import json, sys
from pathlib import Path
for name in {blocked!r}:
    sys.modules[name] = None
from winnow.engine.open_engine import open_engine
engine = open_engine(Path(sys.argv[1]))
after = engine.with_items({{"new": json.load(sys.stdin)}}).catalogue
json.dump({{name: each[-1].tolist() for name, each in {{**after.vectors, "tower": after.tower}}.items()}}, sys.stdout)
"""


def hasty(encoders: EncodersConfig) -> Config:
    """Towers over what these encoders read, and nothing else."""
    retrieval = replace(tiny().retrieval, epochs=1)
    return replace(tiny(), encoders=encoders, retrieval=retrieval, ranking=None, clicks=None)


@pytest.fixture(scope="module")
def damaged_shop(shop: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One picture is broken, one is not there."""
    folder = tmp_path_factory.mktemp("damaged") / "shop"
    shutil.copytree(shop, folder)
    (folder / "pictures" / "i00003.png").write_bytes(b"no picture")
    (folder / "pictures" / "i00005.png").unlink()
    return folder


@pytest.fixture(scope="module")
def pretrained(damaged_shop: Path, served_encoders: Path, tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """What exporting its encoders leaves is there already; it is made of the same ones."""
    folders = (served_encoders / name for name in ("texts", "pictures"))
    exported = {SavedEncoder.load(folder).id: folder for folder in folders}
    encoders = EncodersConfig(text=f"sentence-bert:{MINILM}", image=f"clip:{served_encoders / 'clip'}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "winnow.features.encoders.export_encoder.export_encoder",
            lambda encoder, folder: shutil.copytree(exported[encoder.id], folder, dirs_exist_ok=True),
        )
        out = tmp_path_factory.mktemp("pretrained") / "bundle"
        return train(open_dataset(damaged_shop), hasty(encoders), out, silent)


@pytest.fixture(scope="module")
def trained_again(pretrained: Bundle, damaged_shop: Path) -> Bundle:
    """Of the same contents, beside the first one, but without the encoders inside."""
    encoders = EncodersConfig(**{**pretrained.manifest.recipe["encoders"], "into_bundle": False})
    return train(open_dataset(damaged_shop), hasty(encoders), pretrained.path.parent / "again", silent)


def test_a_picture_that_cannot_be_read_is_told_by_its_item_and_counts_as_missing(pretrained: Bundle):
    broken, absent = pretrained.attachment(PROBLEMS)
    assert broken.startswith("Item 'i00003', feature 'picture': The picture cannot be read (UnidentifiedImageError)")
    assert absent.startswith("Item 'i00005', feature 'picture': The picture 'i00005.png' cannot be read: No such file")
    catalogue = open_engine(pretrained.path).catalogue
    missing = ~catalogue.vectors["picture"].any(axis=1)
    assert [catalogue.item_ids[row] for row in np.flatnonzero(missing)] == ["i00003", "i00005"]


def test_the_bundle_says_who_read_what_and_carries_them(pretrained: Bundle):
    content = json.loads((pretrained.part("features_item") / "features.json").read_text())
    encoders = {row["name"]: row["state"].get("encoder", "") for row in content["features"]}
    assert encoders["title"] == encoders["description"]
    assert encoders["title"].startswith("sentence-bert model ")
    assert encoders["picture"].startswith("clip-pictures clip ")
    assert {"encoder_text", "encoder_image"} <= set(pretrained.manifest.parts)


def test_a_new_item_goes_through_the_same_encoders_where_there_is_no_torch(pretrained: Bundle, shop: Path):
    values = values_of_items(shop)["i00007"]
    engine = open_engine(pretrained.path)
    old, new = engine.catalogue, engine.with_items({"new": values}).catalogue
    command = [sys.executable, "-c", PUT.format(blocked=BLOCKED), str(pretrained.path)]
    told = subprocess.run(command, input=json.dumps(values), capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
    made = json.loads(told.stdout)
    np.testing.assert_allclose(made.pop("tower"), new.tower[-1], atol=1e-5)  # that of a new item knows no id
    for name, vector in made.items():
        np.testing.assert_allclose(vector, old.vectors[name][7], atol=1e-4, err_msg=name)


def test_training_again_encodes_nothing_again(pretrained: Bundle, trained_again: Bundle):
    encoded = pretrained.path.parent / "vectors.arrow"
    first, second = (each.path / MANIFEST_NAME for each in (pretrained, trained_again))
    assert encoded.stat().st_mtime_ns < first.stat().st_mtime_ns < second.stat().st_mtime_ns
    assert trained_again.attachment(PROBLEMS) == pretrained.attachment(PROBLEMS)


def test_a_bundle_without_its_encoders_refuses_words_that_it_cannot_read(trained_again: Bundle):
    assert not {"encoder_text", "encoder_image"} & set(trained_again.manifest.parts)
    engine = open_engine(trained_again.path)
    with pytest.raises(RequestError, match=r"'title' was read by the encoder 'sentence-bert .* and here is none"):
        engine.with_items({"new": {"title": "A red lamp", "category": "lighting"}})
    assert engine.with_items({"new": {"category": "lighting"}}).catalogue.row("new") == len(engine.catalogue)


def test_weights_that_are_not_there_end_the_training_in_one_sentence(shop: Path, tmp_path: Path):
    config = replace(tiny(), encoders=EncodersConfig(text="sentence-bert:./no/such/folder"))
    with pytest.raises(EncoderError, match=r"There is no folder ./no/such/folder; a Sentence-BERT model was wanted"):
        train(open_dataset(shop), config, tmp_path / "bundle", silent)
    assert not (tmp_path / "bundle").exists()
