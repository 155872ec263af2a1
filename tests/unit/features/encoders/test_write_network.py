import onnx
import pytest
import torch
from torch import nn

from winnow.bundle.model_files import MODEL_FILE
from winnow.features.encoders.onnx_network import OnnxNetwork
from winnow.features.encoders.write_network import write_network
from winnow.schema.errors import EncoderError

SAMPLE = {"values": torch.randn(2, 5, generator=torch.Generator().manual_seed(0))}


class Two(nn.Module):
    """Of which only one half is used."""

    def __init__(self):
        super().__init__()
        with torch.random.fork_rng():
            torch.manual_seed(0)
            self.used, self.idle = nn.Linear(5, 3), nn.Linear(100, 100)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder, model = tmp_path_factory.mktemp("network"), Two()
    write_network(model, lambda named: model.used(named["values"]), SAMPLE, (0,), folder)
    return folder


@pytest.mark.parametrize("number", [1, 2, 7])
def test_what_is_written_gives_the_same_vectors_for_any_number_of_rows(folder, number):
    values = torch.randn(number, 5, generator=torch.Generator().manual_seed(1))
    found = OnnxNetwork.open(folder, 3)({"values": values.numpy()})
    torch.testing.assert_close(torch.from_numpy(found), Two().used(values).detach(), rtol=0, atol=1e-6)


def test_weights_that_are_not_used_are_left_out(folder):
    assert (folder / MODEL_FILE).stat().st_size < 100 * 100 * 4


def test_equal_networks_give_equal_bytes_which_name_no_source_file(folder, tmp_path):
    model = Two()
    write_network(model, lambda named: model.used(named["values"]), SAMPLE, (0,), tmp_path)
    assert (tmp_path / MODEL_FILE).read_bytes() == (folder / MODEL_FILE).read_bytes()
    assert ".py" not in str(onnx.load(folder / MODEL_FILE))


def test_a_network_that_cannot_be_expressed_is_refused_in_one_sentence(tmp_path):
    model = Two()

    def call(named):
        return model.used(named["values"]) if named["values"].sum() > 0 else named["values"]

    with pytest.raises(EncoderError, match=r"network Two cannot be exported to ONNX .*: choose another\.$") as raised:
        write_network(model, call, SAMPLE, (0,), tmp_path)
    assert "\n" not in str(raised.value)
    assert not list(tmp_path.iterdir())
