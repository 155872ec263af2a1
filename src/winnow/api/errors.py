"""What every refusal looks like."""

from typing import Annotated, NotRequired

from pydantic import Field
from typing_extensions import TypedDict


class ErrorBody(TypedDict):
    """Why the service did not do what was asked."""

    code: Annotated[str, Field(description="For programs; stable.")]
    message: Annotated[str, Field(description="For people: what came, what was wanted, what to do.")]
    field: NotRequired[Annotated[str, Field(description="The part of the body meant, such as events[3].item_id.")]]


class ErrorResponse(TypedDict):
    """Body of every answer with a status of 400 or above."""

    error: ErrorBody
