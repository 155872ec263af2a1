"""One stage of the way from a request to its answer, as callers are told."""

from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import TypedDict

StageKind = Literal["lookup", "source", "retrieve", "filter", "fill", "ranking", "select"]


class StageTold(TypedDict):
    """What a stage or a source did; of a batch, for all of its requests together."""

    name: str
    kind: Annotated[
        StageKind,
        Field(description="`retrieve` is all sources and their merge, and its time holds theirs."),
    ]
    removes: Annotated[
        str | None, Field(description="Of a filter, what is the matter with an item that it removes; else null.")
    ]
    rows_in: Annotated[int, Field(description="Candidates before it; of stages that look up a request, requests.")]
    rows_out: Annotated[int, Field(description="Those after it.")]
    ms: Annotated[float, Field(description="Time spent inside, in milliseconds.")]
    fault: Annotated[str | None, Field(description="Why it was skipped; null when all is well.")]
    rules: Annotated[
        dict[str, int],
        Field(description="Of `select`, how many items stand where they do by a rule: pin, over_cap. Empty elsewhere."),
    ]
