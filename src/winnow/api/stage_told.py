"""One stage of the way from a request to its answer, as callers are told."""

from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict


class StageTold(TypedDict):
    """What a stage or a source did; of a batch, for all of its requests together."""

    name: str
    rows_in: Annotated[int, Field(description="Candidates before it; of stages that look up a request, requests.")]
    rows_out: Annotated[int, Field(description="Those after it.")]
    ms: Annotated[float, Field(description="Time spent inside, in milliseconds.")]
    fault: Annotated[str | None, Field(description="Why it was skipped; null when all is well.")]
    rules: Annotated[
        dict[str, int],
        Field(description="Of `select`, how many items stand where they do by a rule: pin, over_cap. Empty elsewhere."),
    ]
