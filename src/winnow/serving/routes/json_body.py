"""The body of a request: read up to a limit, parsed strictly, held against its type."""

import re
from typing import TypeVar

import orjson
from fastapi import Request
from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from winnow.api.limits import MAX_BODY_BYTES
from winnow.serving.errors import ApiError

T = TypeVar("T")

PATIENCE_BYTES = 7 * MAX_BODY_BYTES
"""How much beyond the limit is still taken in, and thrown away, so that the sender gets to read why."""

MOST_TOLD = 3
"""Mistakes that a refusal names: a name that is none and the one that is missing for it are two."""
WANTED = {
    "dataclass_type": "it should be an object",
    "dict_type": "it should be an object",
    "list_type": "it should be an array",
    "string_type": "it should be text in quotes",
    "int_type": "it should be a whole number",
    "int_parsing": "it should be a whole number",
    "int_parsing_size": "it should be a whole number",
    "float_type": "it should be a number",
}
NOT_JSON = re.compile(r".?(NaN|Infinity)", re.DOTALL)


async def read_json(
    request: Request,
    wanted: TypeAdapter[T],
    limit: int = MAX_BODY_BYTES,
    remedy: str = "send it in several calls",
) -> T:
    """The body as the wanted type.

    Args:
        request: not read yet.
        wanted: what the body is held against.
        limit: most bytes that are taken.
        remedy: what to do about a body that is larger.

    Raises:
        ApiError: 413 above the limit, 400 when it is not JSON, 422 when it is not what is wanted.
    """
    return validated(parsed(await read_body(request, limit, remedy)), wanted)


async def read_body(request: Request, limit: int, remedy: str) -> bytes:
    """The body as it came. Raises ApiError, 413 above the limit, whose sentence ends with the remedy."""
    body = await _read(request, limit)
    if body is None:
        raise ApiError(413, "too_large", f"The body is larger than {limit:,} bytes; {remedy}.")
    return body


def parsed(body: bytes) -> object:
    """Strict JSON: no NaN, no Infinity, no number beyond a float, UTF-8 only.

    Raises:
        ApiError: 400 naming line and column.
    """
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise ApiError(400, "malformed_json", _what_is_wrong(body, error)) from error


def validated(value: object, wanted: TypeAdapter[T]) -> T:
    """The value as the wanted type.

    Raises:
        ApiError: 422 naming the first fields that are wrong, what came and what was wanted.
    """
    try:
        return wanted.validate_python(value)
    except ValidationError as error:
        mistakes = error.errors(include_url=False, include_context=False)
        told = [_sentence(each, _path(each)) for each in mistakes[:MOST_TOLD]]
        if len(mistakes) > len(told):
            told.append(f"These are the first {len(told)} of {len(mistakes)} mistakes.")
        raise invalid(_path(mistakes[0]), " ".join(told)) from error


def invalid(field: str, sentence: str) -> ApiError:
    """A refusal of one value, to be raised."""
    return ApiError(422, "invalid_value", sentence, field or None)


def described(value: object) -> str:
    """A JSON value in a few words; long text is cut."""
    match value:
        case str():
            return f"the text '{value[:60]}'" + ("..." if len(value) > 60 else "")
        case list():
            return f"an array of {len(value)}"
        case dict():
            return f"an object with {len(value)} fields"
        case None | bool():
            return orjson.dumps(value).decode()
        case _:
            return str(value)


async def _read(request: Request, limit: int) -> bytes | None:
    """None for a body that is too large."""
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size <= limit:
            chunks.append(chunk)
        elif size > limit + PATIENCE_BYTES:
            break
    return b"".join(chunks) if size <= limit else None


def _what_is_wrong(body: bytes, error: orjson.JSONDecodeError) -> str:
    if not body:
        return "The body is empty; a JSON object was wanted."
    try:
        body.decode()
    except UnicodeDecodeError as broken:
        return f"The body is not UTF-8 from byte {broken.start} on; JSON is sent as UTF-8, and not compressed."
    where = f"line {error.lineno}, column {error.colno}"
    found = NOT_JSON.match(error.doc[max(error.pos - 1, 0) :])
    if found:
        return f"The body is not JSON at {where}: {found[1]} is not a JSON number; send null, or nothing."
    return f"The body is not JSON at {where}: {error.msg}."


def _path(mistake: ErrorDetails) -> str:
    parts = [f"[{part}]" if isinstance(part, int) else f".{part[:60]}" for part in mistake["loc"]]
    return "".join(parts).removeprefix(".")


def _sentence(mistake: ErrorDetails, field: str) -> str:
    name = f"'{field}'" if field else "The body"
    if mistake["type"] == "missing":
        return f"{name} is missing."
    if mistake["type"] == "unexpected_keyword_argument":
        return f"{name} is not a field of this request; /openapi.json lists those that are."
    wanted = WANTED.get(mistake["type"]) or re.sub(r"^(Input|String|List|Value) ", "it ", mistake["msg"])
    return f"{name} is {described(mistake['input'])}; {wanted}."
