"""`PUT /v1/users/{user_id}/sessions/{session_id}`: a visitor has logged in."""

from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict


class SessionMerge(TypedDict):
    """What the session did belongs to the user from now on."""

    user_id: str
    session_id: str
    events: Annotated[int, Field(description="Events that were moved; 0 when there was nothing, or nothing more.")]
