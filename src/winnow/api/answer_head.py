"""What every answer of items says of itself."""

from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict


class AnswerHead(TypedDict):
    """Whose answer it is."""

    request_id: Annotated[str, Field(description="Names this answer in logs; also in the header X-Request-Id.")]
    bundle: Annotated[str, Field(description="The bundle that answered.")]


Degraded = Annotated[
    list[str],
    Field(
        description="Stages that were skipped because a store did not answer or the time was spent; empty when all is "
        "well."
    ),
]
