"""Messages of the Open Inference Protocol over gRPC.

They are made of the table below and not by a compiler: what travels are numbers and types of fields. They are in no
pool that others share, since a process may hold other classes of the same names, such as those of a client.
"""

from collections.abc import Mapping
from typing import Any

from google.protobuf.descriptor_pb2 import DescriptorProto, FieldDescriptorProto, FileDescriptorProto
from google.protobuf.message_factory import GetMessages

PACKAGE = "inference"
FIELDS: Mapping[str, str] = {
    "ServerLiveRequest": "",
    "ServerLiveResponse": "bool live",
    "ServerReadyRequest": "",
    "ServerReadyResponse": "bool ready",
    "ModelReadyRequest": "string name, string version",
    "ModelReadyResponse": "bool ready",
    "ServerMetadataRequest": "",
    "ServerMetadataResponse": "string name, string version, string* extensions",
    "ModelMetadataRequest": "string name, string version",
    "ModelMetadataResponse": "string name, string* versions, string platform, TensorMetadata* inputs, "
    "TensorMetadata* outputs",
    "TensorMetadata": "string name, string datatype, int64* shape",
    "ModelInferRequest": "string model_name, string model_version, string id, Parameter* parameters, "
    "InferTensor* inputs, RequestedOutput* outputs, bytes* raw_input_contents",
    "ModelInferResponse": "string model_name, string model_version, string id, Parameter* parameters, "
    "InferTensor* outputs, bytes* raw_output_contents",
    "InferTensor": "string name, string datatype, int64* shape, Parameter* parameters, InferTensorContents contents",
    "RequestedOutput": "string name, Parameter* parameters",
    "Parameter": "string key, ParameterValue value",
    "ParameterValue": "bool bool_param, int64 int64_param, string string_param, double double_param, "
    "uint64 uint64_param",
    "InferTensorContents": "bool* bool_contents, int32* int_contents, int64* int64_contents, uint32* uint_contents, "
    "uint64* uint64_contents, float* fp32_contents, double* fp64_contents, bytes* bytes_contents",
}
"""Fields of each message, numbered from 1 on; `*` is repeated. A map is a list of entries with `key` and `value`, which
is how maps travel."""
ONE_OF = ("ParameterValue",)
"""Of whose fields one is set."""


def _message(name: str, fields: str) -> DescriptorProto:
    message = DescriptorProto(name=name)
    for number, field in enumerate(filter(None, fields.split(", ")), 1):
        kind, field_name = field.split()
        message.field.append(_field(kind, field_name, number))
    if name in ONE_OF:
        message.oneof_decl.add(name="choice")
        for each in message.field:
            each.oneof_index = 0
    return message


def _field(kind: str, name: str, number: int) -> FieldDescriptorProto:
    label = FieldDescriptorProto.LABEL_REPEATED if kind.endswith("*") else FieldDescriptorProto.LABEL_OPTIONAL
    field = FieldDescriptorProto(name=name, number=number, label=label)
    kind = kind.removesuffix("*")
    if kind in FIELDS:
        field.type, field.type_name = FieldDescriptorProto.TYPE_MESSAGE, f".{PACKAGE}.{kind}"
    else:
        field.type = FieldDescriptorProto.Type.Value(f"TYPE_{kind.upper()}")
    return field


def _classes() -> Mapping[str, Any]:
    messages = [_message(name, fields) for name, fields in FIELDS.items()]
    file = FileDescriptorProto(name="winnow/inference.proto", package=PACKAGE, syntax="proto3", message_type=messages)
    made = GetMessages([file])
    return {name: made[f"{PACKAGE}.{name}"] for name in FIELDS}


MESSAGES = _classes()
"""Classes by name."""
