import json
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from winnow.bundle.model_files import INPUTS_FILE, MODEL_FILE, PRESENT, REQUEST, UNPADDED
from winnow.engine.onnx_model import OnnxModel
from winnow.schema.errors import BundleError


def price_model() -> onnx.ModelProto:
    """total = price * count; twice = total + total."""
    inputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["rows"]) for name in ("price", "count")]
    outputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["rows"]) for name in ("total", "twice")]
    nodes = [
        helper.make_node("Mul", ["price", "count"], ["total"]),
        helper.make_node("Add", ["total", "total"], ["twice"]),
    ]
    graph = helper.make_graph(nodes, "prices", inputs, outputs)
    return helper.make_model(graph, ir_version=10, opset_imports=[helper.make_opsetid("", 20)])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / MODEL_FILE).write_bytes(price_model().SerializeToString())
    (tmp_path / INPUTS_FILE).write_text(json.dumps({"request": ["count"], "candidate": ["price"]}))
    return tmp_path


def test_named_arrays_go_in_and_come_out_whatever_the_order_and_the_number_of_rows(folder):
    model = OnnxModel.open(folder)
    assert model.inputs == {"request": ("count",), "candidate": ("price",)}
    assert model.outputs == ("total", "twice")
    for size in (1, 3):
        count, price = np.arange(size, dtype=np.float32), np.full(size, 2.5, np.float32)
        made = model({"count": count, "price": price})
        np.testing.assert_array_equal(made["total"], count * 2.5)
        np.testing.assert_array_equal(made["twice"], count * 5)


def length_model() -> onnx.ModelProto:
    """total = sum of a history; length = how long it came."""
    inputs = [helper.make_tensor_value_info(n, TensorProto.FLOAT, [1, "length"]) for n in ("history", PRESENT)]
    outputs = [helper.make_tensor_value_info("total", TensorProto.FLOAT, [1])]
    outputs.append(helper.make_tensor_value_info("length", TensorProto.INT64, [1]))
    axis = helper.make_tensor("axis", TensorProto.INT64, [1], [1])
    nodes = [
        helper.make_node("ReduceSum", ["history", "axis"], ["total"], keepdims=0),
        helper.make_node("Shape", [PRESENT], ["length"], start=1),
    ]
    graph = helper.make_graph(nodes, "lengths", inputs, outputs, [axis])
    return helper.make_model(graph, ir_version=10, opset_imports=[helper.make_opsetid("", 20)])


def likings_model() -> onnx.ModelProto:
    """liked = how much each item of a request is the user's; own = the user."""
    shapes = {"user": [1, 4], "item": [1, "items", 4], "liked": [1, "items"], "own": [1, 4]}
    values = {name: helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in shapes.items()}
    nodes = [
        helper.make_node("Einsum", ["item", "user"], ["liked"], equation="bcd,bd->bc"),
        helper.make_node("Identity", ["user"], ["own"]),
    ]
    graph = helper.make_graph(nodes, "likings", [values["user"], values["item"]], [values["liked"], values["own"]])
    return helper.make_model(graph, ir_version=10, opset_imports=[helper.make_opsetid("", 20)])


def test_of_several_requests_each_is_asked_alone_and_without_its_padding(tmp_path: Path):
    (tmp_path / MODEL_FILE).write_bytes(length_model().SerializeToString())
    (tmp_path / INPUTS_FILE).write_text(json.dumps({REQUEST: [], UNPADDED: ["history", PRESENT]}))
    model, lengths = OnnxModel.open(tmp_path), np.array([2, 0, 3])
    present = (np.arange(3) < lengths[:, None]).astype(np.float32)
    made = model({"history": np.full((3, 3), 2.5, np.float32), PRESENT: present})
    assert (made["total"].tolist(), made["length"].tolist()) == ([5.0, 0.0, 7.5], [2, 0, 3])


def test_of_no_requests_nothing_is_asked_and_shapes_are_those_of_answers(tmp_path: Path):
    (tmp_path / MODEL_FILE).write_bytes(likings_model().SerializeToString())
    (tmp_path / INPUTS_FILE).write_text(json.dumps({REQUEST: ["user"], "candidate": ["item"]}))
    model = OnnxModel.open(tmp_path)
    user, item = np.ones((2, 4), np.float32), np.ones((2, 5, 4), np.float32)
    assert [each.shape for each in model({"user": user, "item": item}).values()] == [(2, 5), (2, 4)]
    nobody = model({"user": user[:0], "item": item[:0]})
    assert {name: each.shape for name, each in nobody.items()} == {"liked": (0, 0), "own": (0, 4)}


def test_one_request_takes_one_thread(folder):
    options = OnnxModel.open(folder).session.get_session_options()
    assert (options.intra_op_num_threads, options.inter_op_num_threads) == (1, 1)


def newer_than_the_runtime() -> bytes:
    model = price_model()
    model.ir_version = 10_000
    return model.SerializeToString()


def of_a_newer_operator_set() -> bytes:
    model = price_model()
    model.opset_import[0].version = 10_000
    return model.SerializeToString()


def with_an_operator_that_nobody_knows() -> bytes:
    model = price_model()
    model.graph.node[0].op_type = "Haggle"
    return model.SerializeToString()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no model",
        price_model().SerializeToString()[:-20],
        newer_than_the_runtime(),
        of_a_newer_operator_set(),
        with_an_operator_that_nobody_knows(),
    ],
    ids=["empty", "text", "cut off", "newer file", "newer operators", "unknown operator"],
)
def test_a_model_that_the_runtime_cannot_read_is_a_sentence(folder, content):
    (folder / MODEL_FILE).write_bytes(content)
    with pytest.raises(BundleError, match=r"cannot be opened by ONNX Runtime \d.*install that, or train again\.") as no:
        OnnxModel.open(folder)
    assert str(folder) in str(no.value)


def test_inputs_of_another_model_are_a_sentence(folder):
    (folder / INPUTS_FILE).write_text(json.dumps({"request": ["count", "user_codes"]}))
    with pytest.raises(BundleError, match=r"has no input 'user_codes', which its inputs\.json names"):
        OnnxModel.open(folder)
