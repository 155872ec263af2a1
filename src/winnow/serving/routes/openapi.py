"""Describes bodies that the service parses by hand, so that /openapi.json stays true."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import TypeAdapter

from winnow.api.errors import ErrorResponse

REASONS = {
    400: "The body is not JSON.",
    401: "The API key is missing or wrong.",
    403: "No API key is set, and the route is shut without one; or the key has not the role that the route needs.",
    404: "There is no such item, no picture of it, no item of that category, no such bundle, or no report of it.",
    409: "The bundle is refused, or there is nothing that could be done; the service is as it was.",
    413: "The body is too large.",
    422: "A value is not what is wanted.",
    503: "A store does not answer; try again.",
}
OF_A_BODY = (400, 401, 403, 413, 422, 503)
OF_AN_ITEM = (400, 401, 403, 404, 413, 422, 503)
OF_A_VISITOR = (401, 403, 422, 503)
"""Of a route that has an id of a visitor in its address, and no body."""
OF_BUNDLES = (401, 403, 409, 503)
"""Of a route of bundles without a body."""

OPEN_HERE: Mapping[str, Any] = {"security": [{}]}
"""`openapi_extra` of a route that takes a key, but needs none from callers on this machine."""


def request_body(wanted: TypeAdapter[Any]) -> dict[str, Any]:
    """`openapi_extra` of a route whose body has the wanted type."""
    schema = wanted.json_schema()
    return {
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": _inlined(schema, schema.pop("$defs", {}))}},
        }
    }


def refusals(statuses: Sequence[int] = OF_A_BODY) -> dict[int | str, dict[str, Any]]:
    """`responses` of a route; by default of one that reads a body and may want a key."""
    return {status: {"model": ErrorResponse, "description": REASONS[status]} for status in statuses}


def _inlined(schema: Any, definitions: dict[str, Any]) -> Any:
    # OpenAPI resolves references from the root of the document, where definitions of a body have no place.
    match schema:
        case {"$ref": str(reference), **rest}:
            return _inlined(definitions[reference.rpartition("/")[2]] | rest, definitions)
        case dict():
            return {name: _inlined(part, definitions) for name, part in schema.items()}
        case list():
            return [_inlined(part, definitions) for part in schema]
        case _:
            return schema
