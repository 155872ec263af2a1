"""The query of an address, held against its type as a body is."""

from typing import Any, TypeVar

from fastapi import Request
from pydantic import TypeAdapter

from winnow.serving.routes.json_body import invalid, validated

T = TypeVar("T")


def read_query(request: Request, wanted: TypeAdapter[T]) -> T:
    """The query as the wanted type, whose numbers take text.

    Raises:
        ApiError: 422, a name comes twice or is unknown, or a value is not what is wanted.
    """
    given: dict[str, str] = {}
    for name, value in request.query_params.multi_items():
        if name in given:
            raise invalid(name[:60], f"'{name[:60]}' comes twice in the address; send it once.")
        given[name] = value
    return validated(given, wanted)


def query_parameters(wanted: TypeAdapter[Any]) -> dict[str, Any]:
    """`openapi_extra` of a route whose query has the wanted type; a value without a default must come."""
    described = wanted.json_schema()
    needed = described.get("required", ())
    return {
        "parameters": [
            {"name": name, "in": "query", "required": name in needed, "schema": schema}
            for name, schema in described["properties"].items()
        ]
    }
