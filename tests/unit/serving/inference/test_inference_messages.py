"""Our messages beside those of the public client, which were compiled from the protocol's own file."""

import pytest
from tritonclient.grpc import service_pb2

from winnow.serving.inference.inference_messages import MESSAGES, ONE_OF

THEIRS = {
    "TensorMetadata": service_pb2.ModelMetadataResponse.TensorMetadata,
    "InferTensor": service_pb2.ModelInferRequest.InferInputTensor,
    "RequestedOutput": service_pb2.ModelInferRequest.InferRequestedOutputTensor,
    "Parameter": service_pb2.ModelInferRequest.ParametersEntry,
    "ParameterValue": service_pb2.InferParameter,
}
"""Where their names are longer than ours; names do not travel."""


def fields(message) -> dict[str, tuple]:
    """Number, type and whether it is repeated, of each field by name."""
    return {field.name: (field.number, field.type, field.is_repeated) for field in message.DESCRIPTOR.fields}


@pytest.mark.parametrize("name", MESSAGES)
def test_fields_are_those_of_the_protocol(name):
    theirs = THEIRS[name] if name in THEIRS else getattr(service_pb2, name)
    assert fields(MESSAGES[name]) == fields(theirs)


def test_an_output_has_the_fields_of_an_input():
    assert fields(MESSAGES["InferTensor"]) == fields(service_pb2.ModelInferResponse.InferOutputTensor)


def test_one_value_of_a_parameter_is_set():
    assert [name for name in MESSAGES if MESSAGES[name].DESCRIPTOR.oneofs] == list(ONE_OF)
    assert MESSAGES["ParameterValue"](bool_param=False).WhichOneof("choice") == "bool_param"


def test_a_request_of_the_client_is_read():
    request = service_pb2.ModelInferRequest(model_name="winnow", id="7", raw_input_contents=[b"\x01\0\0\0u"])
    request.parameters["priority"].uint64_param = 3
    request.inputs.add(name="user_id", datatype="BYTES", shape=[1, 1]).contents.bytes_contents.append(b"ann")
    request.outputs.add(name="scores").parameters["classification"].int64_param = 2
    read = MESSAGES["ModelInferRequest"].FromString(request.SerializeToString())
    assert (read.model_name, read.id, list(read.raw_input_contents)) == ("winnow", "7", [b"\x01\0\0\0u"])
    assert [(each.key, each.value.uint64_param) for each in read.parameters] == [("priority", 3)]
    assert [(each.name, list(each.shape)) for each in read.inputs] == [("user_id", [1, 1])]
    assert list(read.inputs[0].contents.bytes_contents) == [b"ann"]
    assert [each.key for each in read.outputs[0].parameters] == ["classification"]
    assert read.SerializeToString(deterministic=True) == request.SerializeToString(deterministic=True)
