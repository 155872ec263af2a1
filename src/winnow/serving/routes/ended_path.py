"""Addresses in which a word follows the id of an item, which may end with that word itself."""

from fastapi import Request


def is_ended(request: Request, ending: str) -> bool:
    """Whether the address ends with the word; written as `%2Fword` it is a part of the id.

    Routes are matched with the path unquoted, so that the two look alike.

    Args:
        request: to a route whose path ends with the word.
        ending: the word, with the slash before it.
    """
    written: bytes | None = request.scope.get("raw_path")
    return not written or written.endswith(ending.encode())
