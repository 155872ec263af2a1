"""`POST /v1/score`: what given items are worth to a visitor."""

from dataclasses import dataclass, field
from typing import Annotated, Any

from pydantic import ConfigDict, Field, with_config
from typing_extensions import TypedDict

from winnow.api.answer_head import AnswerHead, Degraded
from winnow.api.limits import MAX_ID_CHARS, MAX_SCORED
from winnow.api.recommendations import Allow, BudgetMs, Context, Exclude, Filters, K, SessionId, UserId

ScoredIds = Annotated[
    list[Annotated[str, Field(max_length=MAX_ID_CHARS)]],
    Field(
        min_length=1,
        max_length=MAX_SCORED,
        description="Item ids. One that comes twice is answered once, and one that is unknown is named in `unknown`.",
    ),
]


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreRequest:
    """Asks what items are worth to one visitor at one moment.

    All but `items` is as in a recommendation, to which the answer is held: with the same values, an item that a
    recommendation would choose from has the same score. Nothing is filtered; the answer says what would be.
    """

    items: ScoredIds
    user_id: UserId | None = None
    session_id: SessionId | None = None
    context: Context = field(default_factory=dict)
    k: K = 10
    exclude: Exclude = field(default_factory=list)
    filters: Filters = field(default_factory=dict)
    allow: Allow | None = None
    budget_ms: BudgetMs | None = None


class ScoredItem(TypedDict, extra_items=Any):
    """One of the items; the card columns of the shop's schema stand beside these fields."""

    item_id: str
    rank: Annotated[int, Field(ge=1, description="1 is best; by score alone.")]
    score: Annotated[float | None, Field(description="As in recommendations; null where the model has no number.")]
    title: str | None
    seen: Annotated[
        bool, Field(description="True: the user has had it, and it would come back only for want of others.")
    ]
    allowed: Annotated[bool, Field(description="False: it is out of stock or withdrawn.")]
    removed_by: Annotated[
        list[str], Field(description="The filters that would keep it out: allowed, wanted, exclude, seen.")
    ]
    proposed_by: Annotated[
        list[str], Field(description="The sources that propose it, or would if too few were left without it.")
    ]


class ScoreResponse(AnswerHead):
    """The items, best first."""

    degraded: Degraded
    items: list[ScoredItem]
    unknown: Annotated[list[str], Field(description="Ids that no item has, in the order in which they came.")]
