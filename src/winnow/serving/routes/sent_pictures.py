"""Pictures as they come in a JSON body."""

from base64 import b64decode
from collections.abc import Collection, Mapping
from typing import Any

from winnow.api.limits import MAX_PICTURE_BYTES
from winnow.serving.routes.json_body import described, invalid


def with_pictures(values: Mapping[str, Any], columns: Collection[str]) -> dict[str, Any]:
    """The values with the contents of files (bytes) in place of their base64.

    Args:
        values: of an item, by raw column.
        columns: that hold pictures.

    Raises:
        ApiError: 422 naming the field, where it holds something else, or a file that is too large.
    """
    return {name: _content(name, value) if name in columns else value for name, value in values.items()}


def _content(name: str, value: Any) -> bytes | None:
    field = f"values.{name}"
    if value is None:
        return None
    content = _decoded(value)
    if content is None:
        why = ""
        if isinstance(value, str) and "://" in value[:60]:
            why = " Addresses are not fetched; send what is there."
        wanted = "the content of a JPEG, PNG, WebP or GIF file is wanted, as base64 text without line breaks"
        raise invalid(field, f"'{field}' is {described(value)}; {wanted}.{why}")
    if len(content) > MAX_PICTURE_BYTES:
        sentence = f"'{field}' is a picture of {len(content):,} bytes; at most {MAX_PICTURE_BYTES:,} are taken."
        raise invalid(field, sentence)
    return content or None


def _decoded(value: Any) -> bytes | None:
    try:
        return b64decode(value, validate=True) if isinstance(value, str) else None
    except ValueError:
        return None
