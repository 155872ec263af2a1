"""Inputs of the Open Inference Protocol: which there are, and what they ask for."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from winnow.api.inference import MODEL
from winnow.api.limits import MAX_INFERENCE_ITEMS, MAX_INFERENCE_ROWS
from winnow.api.recommendations import RecommendationRequest
from winnow.engine.engine import Engine
from winnow.schema.feature import Kind
from winnow.serving.errors import ApiError
from winnow.serving.inference.inference_bytes import TEXT
from winnow.serving.inference.inference_tensor import Tensor
from winnow.serving.routes.json_body import invalid, validated
from winnow.serving.routes.recommendations_route import ASKED, TIMESTAMP

INSTANTS = ("INT64", "FP64")
OWN: Mapping[str, tuple[str, ...]] = {
    "user_id": (TEXT,),
    "session_id": (TEXT,),
    TIMESTAMP: INSTANTS,
    "k": ("INT32", "INT64"),
}
"""Inputs of every model, with the datatypes that each takes; its metadata names the first."""
OF_KIND: Mapping[Kind, tuple[str, ...]] = {
    Kind.ID: (TEXT, "INT64"),
    Kind.CATEGORY: (TEXT, "INT64"),
    Kind.TEXT: (TEXT,),
    Kind.NUMBER: ("FP64", "FP32", "INT64", "INT32"),
    Kind.TIME: INSTANTS,
}
"""Datatypes of context columns; vectors and pictures are no inputs."""


def input_datatypes(engine: Engine) -> Mapping[str, tuple[str, ...]]:
    """The inputs of the model with the datatypes that each takes, the best first."""
    kinds = {feature.column: feature.kind for feature in engine.context}
    context = {name: OF_KIND[kinds[name]] for name in engine.context_names if kinds[name] in OF_KIND}
    return {**context, **OWN}


def asked_rows(engine: Engine, tensors: Sequence[Tensor]) -> list[RecommendationRequest]:
    """What the tensors ask for, request by request. "" and NaN are absent values, as an absent tensor is.

    Raises:
        ApiError: there is no such input; or its datatype, shape, length or a value is not what is wanted.
    """
    takes = input_datatypes(engine)
    columns: dict[str, list[Any]] = {}
    for tensor in tensors:
        if tensor.name in columns:
            raise invalid(tensor.name, f"The input '{tensor.name}' comes twice; send it once.")
        columns[tensor.name] = _column(tensor, takes)
    _check_lengths(columns)
    lines = zip(*columns.values(), strict=True)
    rows = [_asked(dict(zip(columns, line, strict=True)), place) for place, line in enumerate(lines)]
    _check_size(rows)
    return rows


def of_request(place: int, error: ApiError) -> ApiError:
    """The refusal of one request among several, to be raised."""
    return ApiError(error.status, error.code, f"Request {place} of the call: {error}", error.field)


def _column(tensor: Tensor, takes: Mapping[str, tuple[str, ...]]) -> list[Any]:
    name = f"The input '{tensor.name[:60]}'"
    if tensor.name not in takes:
        raise invalid(tensor.name[:60], f"{name} is not one of the model {MODEL}; it takes: {', '.join(takes)}.")
    if tensor.datatype not in takes[tensor.name]:
        wanted = " or ".join(takes[tensor.name])
        raise invalid(tensor.name, f"{name} is of the datatype '{tensor.datatype[:60]}'; {wanted} is wanted.")
    if not 1 <= len(tensor.shape) <= 2 or tensor.shape[1:] not in ((), (1,)):
        raise invalid(
            tensor.name, f"{name} has the shape {list(tensor.shape)}; [B] or [B, 1] is wanted, for B requests."
        )
    try:
        return tensor.values()
    except ValueError as error:
        raise invalid(tensor.name, f"{name} cannot be read: {error}.") from error


def _check_lengths(columns: Mapping[str, list[Any]]) -> None:
    for other, name in pairwise(columns):
        if len(columns[name]) != len(columns[other]):
            raise invalid(
                name,
                f"The input '{name}' is of {len(columns[name])} requests, and '{other}' of {len(columns[other])}; all "
                "inputs of a call are of the same requests.",
            )


def _asked(line: Mapping[str, Any], place: int) -> RecommendationRequest:
    # NaN is what does not equal itself.
    told = {name: value for name, value in line.items() if value == value and value != ""}  # noqa: PLR0124
    own = {name: told.pop(name) for name in ("user_id", "session_id", "k") if name in told}
    try:
        return validated({**own, "context": told}, ASKED)
    except ApiError as error:
        raise of_request(place, error) from error


def _check_size(rows: Sequence[RecommendationRequest]) -> None:
    if not 1 <= len(rows) <= MAX_INFERENCE_ROWS:
        raise ApiError(
            422, "invalid_value", f"The inputs are of {len(rows)} requests; a call takes 1 to {MAX_INFERENCE_ROWS}."
        )
    items = len(rows) * max(row.k for row in rows)
    if items > MAX_INFERENCE_ITEMS:
        raise invalid(
            "k",
            f"The answer would have {items:,} places, requests times the largest k; {MAX_INFERENCE_ITEMS:,} are the "
            "most. Ask for fewer at once.",
        )
