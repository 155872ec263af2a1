"""How one item came into an answer, as callers are told."""

from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import TypedDict

MovedBy = Literal["score", "diversity", "chance", "pin", "cap", "over_cap", "others"]


class SourceNamed(TypedDict):
    """A source that proposed the item."""

    source: str
    rank: Annotated[int, Field(description="The item's place in what the source proposed, 1 is best.")]
    score: Annotated[float | None, Field(description="What the source gave it.")]


class ItemWay(TypedDict):
    """From the sources to the answer."""

    sources: Annotated[
        list[SourceNamed],
        Field(description="Empty: it came in to make up the number, or came back although the visitor has had it."),
    ]
    filled: Annotated[bool, Field(description="True: it came in because too few were left without it.")]
    scores: Annotated[
        dict[str, float | None],
        Field(description="After each stage that changed it, in their order; `rank` is what the ranker says."),
    ]
    chance: Annotated[
        float | None,
        Field(
            description="Calibrated chance of a click where the item stands in the answer, 0 to 1; null where the "
            "bundle knows nothing of clicks."
        ),
    ]
    place: Annotated[int | None, Field(description="Among all candidates by score, before the selector; 1 is best.")]
    of: Annotated[int | None, Field(description="How many candidates there were.")]
    moved_by: Annotated[
        MovedBy | None,
        Field(description="What put it elsewhere than its score would; null: its score put it where it stands."),
    ]
    reason: Annotated[str, Field(description="The same for people, a sentence.")]
