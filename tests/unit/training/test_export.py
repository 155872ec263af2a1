"""What an export leaves in its folder."""

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from winnow.bundle.model_files import INPUTS_FILE, MODEL_FILE, WEIGHTS_FILE
from winnow.models.inputs import Inputs
from winnow.models.sequence_encoder import EncoderSizes
from winnow.models.towers import ItemTower, QueryTower
from winnow.training.export import export_model, exported_item, exported_query
from winnow.training.progress import Advance

INPUTS = Inputs(codes=(5, 4), values=2, vectors={"picture in cm²": 3})


def item_tower() -> ItemTower:
    torch.manual_seed(0)
    return ItemTower(INPUTS, 4).eval()


def exported(folder: Path, advance: Advance = lambda _: None) -> Path:
    folder.mkdir()
    items = {
        "item_codes": torch.zeros(2, 2, dtype=torch.int32),
        "item_values": torch.zeros(2, 2),
        "item_vector_picture in cm²": torch.zeros(2, 3),
    }
    export_model(exported_item(item_tower(), items), folder, advance)
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return exported(tmp_path_factory.mktemp("export") / "item")


def test_an_export_is_three_files(folder: Path):
    assert {path.name for path in folder.iterdir()} == {MODEL_FILE, WEIGHTS_FILE, INPUTS_FILE}
    groups = json.loads((folder / INPUTS_FILE).read_text(encoding="utf-8"))
    assert groups == {"item": ["item_codes", "item_values", "item_vector_picture in cm²"]}


def test_weights_are_saved_as_they_are(folder: Path):
    saved, held = load_file(folder / WEIGHTS_FILE), item_tower().state_dict()
    assert saved.keys() == held.keys()
    assert all(torch.equal(weights, held[name]) for name, weights in saved.items())


def test_an_exported_model_names_no_source_file(folder: Path):
    content = (folder / MODEL_FILE).read_bytes()
    assert b"item_vector_picture in cm\xc2\xb2" in content
    assert b".py" not in content
    assert str(Path(__file__).parents[3]).encode() not in content


def test_exporting_twice_gives_equal_bytes(folder: Path, tmp_path: Path):
    again = exported(tmp_path / "item")
    for name in (MODEL_FILE, WEIGHTS_FILE, INPUTS_FILE):
        assert (again / name).read_bytes() == (folder / name).read_bytes(), name


def test_an_export_tells_of_ten_steps(tmp_path: Path):
    steps: list[int] = []
    exported(tmp_path / "item", steps.append)
    assert steps == [3, 6, 1]


def test_describing_a_model_draws_nothing_from_the_global_generator():
    nothing = Inputs(codes=(), values=0, vectors={})
    tower = QueryTower(nothing, nothing, 4, EncoderSizes(), 5)
    torch.manual_seed(7)
    before = torch.get_rng_state()
    exported_query(tower, {}, 4)
    assert torch.equal(torch.get_rng_state(), before)
