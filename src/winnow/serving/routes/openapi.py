"""Describes bodies that the service parses by hand, so that /openapi.json stays true."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from fastapi import FastAPI
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

NAMED = "#/components/schemas/{model}"
"""Where a document of OpenAPI holds a type."""


@cache
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
    """`responses` of a route; by default of one that reads a body and may want a key; see `name_refusals`."""
    content = {"application/json": {"schema": {"$ref": NAMED.format(model=ErrorResponse.__name__)}}}
    return {status: {"content": content, "description": REASONS[status]} for status in statuses}


def name_refusals(app: FastAPI) -> None:
    """Has the application describe what its routes refuse with.

    FastAPI would, were it told the type with each status of each route: and would look into it anew a hundred times
    over, for most of the time that a service takes to start.
    """
    described = app.openapi

    def openapi() -> dict[str, Any]:
        document = described()
        document["components"]["schemas"] |= _named_refusals()
        return document

    app.openapi = openapi


@cache
def _named_refusals() -> dict[str, Any]:
    schema = TypeAdapter(ErrorResponse).json_schema(mode="serialization", ref_template=NAMED)
    return {**schema.pop("$defs"), ErrorResponse.__name__: schema}


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
