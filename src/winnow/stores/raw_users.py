"""What every store of raw user features promises."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol


class RawUsers(Protocol):
    """What somebody outside says of users, as they say it."""

    def rows(self, user_ids: Sequence[str]) -> Sequence[Mapping[str, Any] | None]:
        """Of each user the values by raw column, None for a missing one; None for a user whom nobody describes.

        Raises:
            Unavailable: it cannot answer now; told within a bounded time.
        """
        ...
