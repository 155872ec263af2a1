"""Bodies of the Open Inference Protocol, version 2, over HTTP. Their names and shapes are the protocol's, not ours."""

from dataclasses import dataclass, field
from typing import Annotated, Any, NotRequired

from pydantic import ConfigDict, Field, Strict, with_config
from typing_extensions import TypedDict

from winnow.api.limits import MAX_ID_CHARS, MAX_INFERENCE_ROWS

MODEL = "winnow"
"""Name of the one model that a service has."""

Name = Annotated[str, Field(max_length=MAX_ID_CHARS)]
Parameters = Annotated[
    dict[str, Any], Field(description="What the protocol leaves to extensions; unknown ones are ignored.")
]


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True, kw_only=True)
class InputTensor:
    """One value for each of B requests."""

    name: Annotated[str, Field(max_length=MAX_ID_CHARS, description="As the metadata of the model lists it.")]
    datatype: Annotated[str, Field(max_length=16, description="Likewise.")]
    shape: Annotated[
        list[Annotated[int, Strict(), Field(ge=0, le=MAX_INFERENCE_ROWS)]],
        Field(min_length=1, max_length=2, description="[B] or [B, 1]."),
    ]
    parameters: Parameters = field(default_factory=dict)
    data: Annotated[
        list[Any] | None,
        Field(description="B values, nested as the shape or flat. Absent where `binary_data_size` says how many bytes "
              "of the body they are."),
    ] = None  # fmt: skip


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True, kw_only=True)
class RequestedOutput:
    """An output that the caller wants."""

    name: Name
    parameters: Parameters = field(default_factory=dict)


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True, kw_only=True)
class InferenceRequest:
    """Asks for the best items of B requests at once."""

    inputs: Annotated[list[InputTensor], Field(min_length=1, max_length=MAX_ID_CHARS)]
    id: Annotated[Name | None, Field(description="Comes back with the answer.")] = None
    parameters: Parameters = field(default_factory=dict)
    outputs: Annotated[
        list[RequestedOutput], Field(max_length=MAX_ID_CHARS, description="Absent or empty: all outputs.")
    ] = field(default_factory=list)


class OutputTensor(TypedDict):
    """One output, row-major. Where `parameters.binary_data_size` stands, its data follow the JSON as bytes."""

    name: str
    datatype: str
    shape: list[int]
    parameters: NotRequired[dict[str, Any]]
    data: NotRequired[list[Any]]


class InferenceResponse(TypedDict):
    """The answer.

    `model_version` is the bundle that answered; where several did, the one that serves, and `parameters.bundles` names
    that of each request, with commas between them. `parameters.request_id` names the answer in logs and events, and
    `parameters.degraded` the stages that were skipped, with commas between them.
    """

    model_name: str
    model_version: str
    id: NotRequired[str]
    parameters: dict[str, Any]
    outputs: list[OutputTensor]


class InferenceError(TypedDict):
    """Body of every answer of this protocol with a status of 400 or above."""

    error: Annotated[str, Field(description="A sentence: what came, what was wanted, what to do.")]


class TensorMetadata(TypedDict):
    """An input or output; -1 is any length."""

    name: str
    datatype: str
    shape: list[int]


class ModelMetadata(TypedDict):
    """What the model takes and gives. All inputs are optional, but one must come."""

    name: str
    versions: list[str]
    platform: str
    inputs: list[TensorMetadata]
    outputs: list[TensorMetadata]


class ServerMetadata(TypedDict):
    """What the service is."""

    name: str
    version: str
    extensions: list[str]


class LiveServer(TypedDict):
    """The process lives."""

    live: bool


class ReadyServer(TypedDict):
    """A bundle is open and answers."""

    ready: bool


class ReadyModel(TypedDict):
    """Likewise."""

    name: str
    ready: bool
