"""`GET /v1/why`: how far an item came on the way to an answer, and what decided it."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, with_config
from typing_extensions import TypedDict

from winnow.api.answer_head import AnswerHead, Degraded
from winnow.api.limits import MAX_ID_CHARS, MAX_K
from winnow.api.recommendations import SessionId, UserId
from winnow.api.stage_told import StageTold

ItemId = Annotated[str, Field(min_length=1, max_length=MAX_ID_CHARS, description="The item that is asked about.")]
K = Annotated[int, Field(ge=0, le=MAX_K, description="Items that the recommendation wants.")]
Asked = Annotated[
    str,
    Field(
        description='The rest of the recommendation as a JSON object, such as {"context": {"device_type": "phone"}, '
        '"exclude": ["item-7"]}: any of context, exclude, filters, allow, diversity, explore and budget_ms.'
    ),
]
AnswerId = Annotated[
    str,
    Field(
        max_length=MAX_ID_CHARS,
        description="The request_id of the answer that is asked about: where the recipe draws, it is the seed. By "
        "default the name of this call (X-Request-Id).",
    ),
]
MovedBy = Literal["score", "diversity", "chance", "pin", "cap", "over_cap", "others"]


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True, kw_only=True)
class WhyRequest:
    """Asks, in the query of the address, why an item is or is not in a recommendation as it would be made now."""

    item_id: ItemId
    user_id: UserId = ""
    session_id: SessionId = ""
    k: K = 10
    request_id: AnswerId = ""
    asked: Asked = "{}"


class SourceSaid(TypedDict):
    """What one source makes of the item."""

    source: str
    proposed: bool
    quota: Annotated[int, Field(description="Most items that it may propose.")]
    rank: Annotated[
        int | None,
        Field(description="The item's place among all that the source knows, 1 is best; null: it does not know it."),
    ]
    score: Annotated[float | None, Field(description="What the source gives it.")]
    last_score: Annotated[float | None, Field(description="What it gave the last item that it proposed.")]
    asked: Annotated[
        bool,
        Field(description="False: the time was spent before it could be asked for more than it proposed."),
    ]


class RankingSaid(TypedDict):
    """The item among the candidates, by score."""

    place: Annotated[int, Field(description="1 is best.")]
    of: Annotated[int, Field(description="How many candidates there were.")]
    score: float | None
    kth_score: Annotated[float | None, Field(description="Of the candidate at place k, or at the last one before it.")]
    scores: Annotated[
        dict[str, float | None], Field(description="The score after each stage that changed it, in their order.")
    ]


class RerankingSaid(TypedDict):
    """What the selector made of the order of scores."""

    place: Annotated[int, Field(description="By score.")]
    rank: Annotated[int | None, Field(description="In the answer; null: it is not there.")]
    moved_by: Annotated[
        MovedBy | None,
        Field(
            description="What moved it or kept it out; null: it stands where its score puts it. `others`: pins or caps "
            "of other items made it move. `over_cap`: a cap was full, and nothing else was left."
        ),
    ]


class WhyResponse(AnswerHead):
    """Where the item's way ended and why, in words and in numbers."""

    degraded: Degraded
    item_id: str
    title: str | None
    in_answer: bool
    rank: Annotated[int | None, Field(description="In the answer; null where it is not there.")]
    stage: Annotated[
        str,
        Field(
            description="Where its way ended: `answer`, `retrieve` (no source proposed it), the name of a filter that "
            "removed it, or `select` (it was ranked and not chosen)."
        ),
    ]
    sentence: Annotated[str, Field(description="The same for people.")]
    seen: Annotated[bool, Field(description="True: the user has had it.")]
    sources: list[SourceSaid]
    removed_by: Annotated[list[str], Field(description="All filters that keep it out, each asked by itself.")]
    filled: Annotated[
        bool, Field(description="True: too few were left without it, so that it came in to make up the number.")
    ]
    ranking: Annotated[RankingSaid | None, Field(description="Null: it was not ranked.")]
    reranking: Annotated[RerankingSaid | None, Field(description="Likewise.")]
    trace: Annotated[list[StageTold], Field(description="The whole way, of all candidates.")]
