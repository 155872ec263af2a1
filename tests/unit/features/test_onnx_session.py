import onnx
import pytest
from onnx import TensorProto, helper

from winnow.bundle.model_files import MODEL_FILE
from winnow.features.onnx_session import onnx_session
from winnow.schema.errors import BundleError


@pytest.fixture
def model() -> onnx.ModelProto:
    values = [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["rows"]) for name in ("one", "two")]
    graph = helper.make_graph([helper.make_node("Neg", ["one"], ["two"])], "negative", values[:1], values[1:])
    return helper.make_model(graph, ir_version=10, opset_imports=[helper.make_opsetid("", 20)])


def test_a_session_takes_one_thread(model, tmp_path):
    (tmp_path / MODEL_FILE).write_bytes(model.SerializeToString())
    options = onnx_session(tmp_path).get_session_options()
    assert (options.intra_op_num_threads, options.inter_op_num_threads) == (1, 1)


@pytest.mark.parametrize("keep", [True, False])
def test_memory_of_a_run_is_kept_where_that_is_asked_for(model, tmp_path, keep):
    (tmp_path / MODEL_FILE).write_bytes(model.SerializeToString())
    assert onnx_session(tmp_path, keep_memory=keep).get_session_options().enable_cpu_mem_arena is keep


@pytest.mark.parametrize("damage", ["absent", "empty", "torn", "newer"])
def test_a_model_that_cannot_be_read_is_told(model, tmp_path, damage):
    content = model.SerializeToString()
    model.ir_version = 10_000
    damaged = {"empty": b"", "torn": content[: len(content) // 2], "newer": model.SerializeToString()}
    if damage in damaged:
        (tmp_path / MODEL_FILE).write_bytes(damaged[damage])
    with pytest.raises(BundleError, match=r"The model in .* cannot be opened by ONNX Runtime .* or train again\.$"):
        onnx_session(tmp_path)
