"""Names for visitors without a name."""

import pyarrow as pa

from winnow.data.arrow_compute import pc
from winnow.schema.session_name import SESSION_PREFIX


def visitor_ids(users: pa.Array | pa.ChunkedArray, sessions: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    """The user's id where there is one, else the session's behind `session:`, so that no user is taken for a session.

    Args:
        users: strings, null for an anonymous visitor.
        sessions: strings or whole numbers; null stays null.
    """
    named = pc.binary_join_element_wise(pa.scalar(SESSION_PREFIX), sessions.cast(pa.string()), "")
    return pc.coalesce(users.cast(pa.string()), named)


def are_anonymous(visitors: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    """Which visitors go by their session; null for null."""
    return pc.starts_with(visitors, SESSION_PREFIX)
