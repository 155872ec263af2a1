"""`DELETE /v1/users/{user_id}/state`: what a user did since the training counts no more."""

from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict


class StateReset(TypedDict):
    """What is gone, and what goes on to count."""

    user_id: str
    events: Annotated[int, Field(description="Events that were kept since the service was told of them, now gone.")]
    past_events: Annotated[
        int,
        Field(
            description="Events that the bundle was trained on, which go on to count; 0 for who was forgotten. "
            "To close them as well, forget the user."
        ),
    ]
