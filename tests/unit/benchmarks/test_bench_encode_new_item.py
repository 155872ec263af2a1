import torch

from benchmarks import bench_encode_new_item
from benchmarks.inputs import Inputs
from tests.unit.features.encoders.small_encoders import write_texts


def test_one_text_is_measured_as_served_and_in_torch_on_one_thread(tmp_path, monkeypatch):
    threads = []

    class InTorch:
        def __init__(self, name):
            assert name == str(bench_encode_new_item.MODEL)

        def encode(self, contents):
            threads.append(torch.get_num_threads())
            assert len(contents) == 1

    before = torch.get_num_threads()
    monkeypatch.setattr(bench_encode_new_item, "SentenceBert", InTorch)
    monkeypatch.setattr(bench_encode_new_item, "export_encoder", lambda _, folder: write_texts(folder))
    monkeypatch.setattr(bench_encode_new_item, "ROUNDS", 1)
    served, in_torch = bench_encode_new_item.rows(Inputs(data=tmp_path, cache=tmp_path / "cache"))
    assert (served.name, in_torch.name) == ("encode.text.onnx.one_ms", "encode.text.sbert.one_ms")
    assert {(each.unit, each.better) for each in (served, in_torch)} == {("ms", "lower")}
    assert min(served.value, in_torch.value) > 0
    assert "one thread; 50 texts of " in served.how
    assert len(threads) == (bench_encode_new_item.WARM_UP + 100) / 2
    assert set(threads) == {1}
    assert torch.get_num_threads() == before
