"""What tensors may ask, and how those that ask in a wrong way are refused."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from tests.unit.serving.inference_shop import MODEL, SHARED, refusal, tensor, users
from winnow.api.inference import InferenceError


@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        ([], "it should have at least 1 item"),
        ([users()], "The inputs are of 0 requests; a call takes 1 to 256."),
        ([tensor("user", "BYTES", ["ann"])], "The input 'user' is not one of the model winnow; it takes: device_type,"),
        ([tensor("user_id", "INT32", [1])], "The input 'user_id' is of the datatype 'INT32'; BYTES is wanted."),
        ([tensor("timestamp", "FP32", [1])], "'FP32'; INT64 or FP64 is wanted."),
        ([users("ann"), users("bob")], "The input 'user_id' comes twice; send it once."),
        ([users("ann"), tensor("k", "INT32", [1, 2])], "'k' is of 2 requests, and 'user_id' of 1"),
        ([users("ann") | {"shape": [2]}], "'user_id' cannot be read: it has 1 elements, and its shape [2] says 2."),
        ([users("ann") | {"shape": [1, 2]}], "The input 'user_id' has the shape [1, 2]; [B] or [B, 1] is wanted"),
        ([users("ann") | {"shape": [-1]}], "'inputs[0].shape[0]' is -1; it should be greater than or equal to 0."),
        ([users("ann") | {"shape": [257]}], "less than or equal to 256"),
        ([users("ann") | {"size": 1}], "'inputs[0].size' is not a field of this request"),
        ([tensor("k", "INT32", ["1"])], "'k' cannot be read: element 0 is str, and INT32 is a whole number."),
        ([tensor("k", "INT32", [1, -1])], "Request 1 of the call: 'k' is -1; it should be greater than or equal to 0."),
        ([tensor("k", "INT32", [1001])], "less than or equal to 1000"),
        ([tensor("k", "INT32", [1000] * 33)], "The answer would have 33,000 places, requests times the largest k"),
        ([users("u" * 257)], "Request 0 of the call: 'user_id' is the text"),
        ([users("session:a")], "names that begin with 'session:' are those of sessions"),
        ([users("a"), tensor("session_id", "BYTES", ["b"])], "'user_id' and 'session_id' both came"),
        ([tensor("timestamp", "INT64", [2_000_000_000_000])], "that looks like milliseconds"),
        ([{"name": "user_id", "datatype": "BYTES", "shape": [1]}], "has neither of 'data' and 'binary_data_size'"),
        ([users("a") | {"parameters": {"binary_data_size": 1}}], "has both of 'data' and 'binary_data_size'"),
    ],
)
def test_a_wrong_input_is_refused_with_a_sentence(inputs, words):
    assert words in refusal(SHARED, {"inputs": inputs})


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ([{"name": "ids"}], "The output 'ids' is not one of the model winnow; it gives: item_ids, scores, count."),
        ([{"name": "count"}, {"name": "count"}], "The output 'count' is named twice; name it once."),
        (
            [{"name": "scores", "parameters": {"classification": 2}}],
            "'classification', which the model winnow does not do",
        ),
        ([{"name": "scores", "parameters": {"shared_memory_region": "r"}}], "'shared_memory_region'"),
        ([{}], "'outputs[0].name' is missing."),
    ],
)
def test_a_wrong_output_is_refused_with_a_sentence(wanted, words):
    assert words in refusal(SHARED, {"inputs": [users("ann")], "outputs": wanted})


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
NEARLY_TENSOR = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["user_id", "session_id", "device_type", "timestamp", "k", "x"]) | JSON,
        "datatype": st.sampled_from(["BYTES", "INT32", "INT64", "FP32", "FP64", "BOOL"]) | JSON,
        "shape": st.sampled_from([[1], [2], [2, 1], [1, 1]]) | JSON,
    },
    optional={"data": st.lists(st.text(max_size=5) | st.integers() | JSON, max_size=2) | JSON, "parameters": JSON},
)


@settings(max_examples=60)
@given(inputs=st.lists(NEARLY_TENSOR, max_size=3) | JSON, outputs=JSON)
def test_no_request_that_is_nearly_right_makes_the_service_fail(inputs, outputs):
    answer = SHARED.post(f"{MODEL}/infer", json={"inputs": inputs, "outputs": outputs})
    assert answer.status_code in {200, 400}, answer.text
    if answer.status_code == 400:
        TypeAdapter(InferenceError).validate_python(answer.json())
        assert answer.json()["error"].endswith(".")
