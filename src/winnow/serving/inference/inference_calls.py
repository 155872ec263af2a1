"""The Open Inference Protocol over gRPC: messages become tensors, and tensors messages."""

from collections.abc import Mapping, Sequence
from typing import Any

from google.protobuf.message import DecodeError

from winnow.api.inference import MODEL, RequestedOutput
from winnow.serving.errors import ApiError
from winnow.serving.inference.inference_messages import MESSAGES
from winnow.serving.inference.inference_model import Inferred
from winnow.serving.inference.inference_tensor import Tensor

CONTENTS: Mapping[str, str] = {
    "BYTES": "bytes_contents",
    "INT32": "int_contents",
    "INT64": "int64_contents",
    "FP32": "fp32_contents",
    "FP64": "fp64_contents",
}
"""Where elements of each datatype are in a message, unless they come as bytes."""


def read_message(name: str, message: bytes) -> Any:
    """A message by the name of its class. Raises ApiError, 400, where the bytes are none."""
    try:
        return MESSAGES[name].FromString(message)
    except DecodeError as error:
        raise ApiError(400, "malformed_message", f"The message cannot be read; {name} is wanted.") from error


def check_model(name: str) -> None:
    """Raises ApiError, 404, unless this is the name of the model."""
    if name != MODEL:
        raise ApiError(404, "not_found", f"There is no model '{name[:60]}'; the one that there is, is '{MODEL}'.")


def read_call(request: Any) -> tuple[list[Tensor], list[RequestedOutput]]:
    """Inputs and wanted outputs of a ModelInferRequest.

    Raises:
        ApiError: 400; not every input has its bytes, or one has elements as well.
    """
    raw: Sequence[bytes] = request.raw_input_contents
    if raw and (len(raw) != len(request.inputs) or any(each.HasField("contents") for each in request.inputs)):
        raise ApiError(
            400, "malformed_tensor", f"{len(raw)} raw contents came for {len(request.inputs)} inputs; each input has "
            "one, and no other contents, or none has."
        )  # fmt: skip
    contents = list(raw) or [_elements(each) for each in request.inputs]
    tensors = [
        Tensor(name=each.name, datatype=each.datatype, shape=tuple(each.shape), content=content)
        for each, content in zip(request.inputs, contents, strict=True)
    ]
    wanted = [
        RequestedOutput(name=each.name, parameters={one.key: True for one in each.parameters})
        for each in request.outputs
    ]
    return tensors, wanted


def written_call(call_id: str, inferred: Inferred) -> Any:
    """The ModelInferResponse, its tensors as bytes."""
    return MESSAGES["ModelInferResponse"](
        model_name=MODEL,
        model_version=inferred.bundle,
        id=call_id,
        parameters=[{"key": key, "value": {"string_param": told}} for key, told in inferred.parameters.items()],
        outputs=[
            {"name": each.name, "datatype": each.datatype, "shape": list(each.shape)} for each in inferred.outputs
        ],
        raw_output_contents=[each.raw() for each in inferred.outputs],
    )


def _elements(each: Any) -> list[Any]:
    # An unknown datatype is refused by its name, whatever the elements.
    return list(getattr(each.contents, CONTENTS.get(each.datatype, "bytes_contents")))
