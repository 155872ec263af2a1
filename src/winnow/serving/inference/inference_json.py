"""The Open Inference Protocol over HTTP: JSON, and behind it the bytes of tensors that are sent as such."""

from typing import Any, cast

import orjson
from fastapi import Response
from pydantic import TypeAdapter

from winnow.api.inference import MODEL, InferenceRequest, InferenceResponse, InputTensor, OutputTensor
from winnow.serving.errors import ApiError
from winnow.serving.inference.inference_model import Inferred
from winnow.serving.inference.inference_tensor import Tensor
from winnow.serving.routes.json_body import parsed, validated

INFERENCE = TypeAdapter(InferenceRequest)
LENGTH_HEADER = "Inference-Header-Content-Length"
SIZE = "binary_data_size"


def read_inference(body: bytes, json_length: str | None) -> tuple[InferenceRequest, list[Tensor]]:
    """What the caller asks, and its inputs.

    Args:
        body: whole.
        json_length: of LENGTH_HEADER, how many bytes of the body are JSON; None where all are.

    Raises:
        ApiError: it is not JSON, or not what is wanted, or its bytes are not those that it announces.
    """
    end = len(body) if json_length is None else _length(json_length, len(body))
    asked = validated(parsed(body[:end]), INFERENCE)
    tensors: list[Tensor] = []
    for each in asked.inputs:
        tensor, end = _tensor(each, body, end)
        tensors.append(tensor)
    if end != len(body):
        raise _wrong_bytes(
            f"{len(body) - end:,} bytes of the body belong to no input; '{SIZE}' says how many each has."
        )
    return asked, tensors


def inference_response(asked: InferenceRequest, inferred: Inferred) -> Response:
    """The answer, each output as JSON or as bytes as the caller wants it."""
    wanted = {each.name: each.parameters for each in asked.outputs}
    by_default = asked.parameters.get("binary_data_output", False)
    raw = {
        each.name: each.raw()
        for each in inferred.outputs
        if wanted.get(each.name, {}).get("binary_data", by_default) is True
    }
    body: InferenceResponse = {
        "model_name": MODEL,
        "model_version": inferred.bundle,
        "parameters": dict(inferred.parameters),
        "outputs": [_output(each, raw.get(each.name)) for each in inferred.outputs],
    }
    if asked.id is not None:
        body["id"] = asked.id
    content = orjson.dumps(body, option=orjson.OPT_SERIALIZE_NUMPY)
    if not raw:
        return Response(content, media_type="application/json")
    headers = {LENGTH_HEADER: str(len(content))}
    return Response(content + b"".join(raw.values()), headers=headers, media_type="application/octet-stream")


def _length(text: str, body_bytes: int) -> int:
    if not text.isascii() or not text.isdecimal() or not 0 < int(text[:20]) <= body_bytes:
        raise _wrong_bytes(
            f"The header {LENGTH_HEADER} is '{text[:60]}'; it takes the number of bytes of the body that are JSON, "
            f"from 1 to all {body_bytes:,}."
        )
    return int(text)


def _tensor(each: InputTensor, body: bytes, start: int) -> tuple[Tensor, int]:
    size = each.parameters.get(SIZE)
    if (size is None) == (each.data is None):
        came = "neither" if size is None else "both"
        raise _wrong_bytes(f"The input '{each.name[:60]}' has {came} of 'data' and '{SIZE}'; one of them is wanted.")
    if size is None:
        return _made(each, each.data or []), start
    if type(size) is not int or not 0 <= size <= len(body) - start:
        raise _wrong_bytes(
            f"'{SIZE}' of the input '{each.name[:60]}' is {str(size)[:60]}; {len(body) - start:,} bytes of the body "
            "are left for it."
        )
    return _made(each, body[start : start + size]), start + size


def _made(each: InputTensor, content: bytes | list[Any]) -> Tensor:
    return Tensor(name=each.name, datatype=each.datatype, shape=tuple(each.shape), content=content)


def _output(tensor: Tensor, raw: bytes | None) -> OutputTensor:
    told: OutputTensor = {"name": tensor.name, "datatype": tensor.datatype, "shape": list(tensor.shape)}
    if raw is None:
        told["data"] = cast("list[Any]", tensor.content)
    else:
        told["parameters"] = {SIZE: len(raw)}
    return told


def _wrong_bytes(sentence: str) -> ApiError:
    return ApiError(400, "malformed_tensor", sentence)
