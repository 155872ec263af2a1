"""`POST /v1/recommendations`: what is asked and what is answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, NotRequired

from pydantic import ConfigDict, Field, Strict, with_config
from typing_extensions import TypedDict

from winnow.api.answer_head import AnswerHead, Degraded
from winnow.api.item_way import ItemWay
from winnow.api.limits import MAX_ALLOW, MAX_BUDGET_MS, MAX_CURSOR_CHARS, MAX_EXCLUDE, MAX_ID_CHARS, MAX_K
from winnow.api.stage_told import StageTold

UserId = Annotated[
    str,
    Field(max_length=MAX_ID_CHARS, description="Who asks; may be unknown. Absent or empty: an anonymous visitor."),
]
SessionId = Annotated[
    str,
    Field(
        max_length=MAX_ID_CHARS,
        description="The visit of an anonymous visitor, instead of user_id; what is reported of it counts. Absent or "
        "empty: nothing is known of an anonymous visitor.",
    ),
]
Context = Annotated[
    dict[str, Any],
    Field(
        description="What is known of the moment, by the context columns of the shop's schema, such as device_type. "
        "`timestamp` (UTC seconds) is the instant of asking, now by default; there is no other way to give it. "
        "What is absent counts as unknown; a name that the bundle does not know is refused."
    ),
]
K = Annotated[
    int,
    Strict(),
    Field(ge=0, le=MAX_K, description="Items wanted. The answer holds fewer only when fewer may be shown."),
]
Exclude = Annotated[
    list[Annotated[str, Field(max_length=MAX_ID_CHARS)]],
    Field(max_length=MAX_EXCLUDE, description="Item ids that must not come back. Unknown ones are ignored."),
]

Filters = Annotated[
    dict[str, Any],
    Field(
        description="Which items may come back, by the features that the shop's schema marks as filterable: of a "
        'category the list of those wanted, {"category": ["shoes"]}, of a number its bounds, {"price": {"max": 50}}. '
        "All filters must fit; an item without the value fits none. A name that the bundle does not know is refused.",
    ),
]
Allow = Annotated[
    list[Annotated[str, Field(max_length=MAX_ID_CHARS)]],
    Field(
        max_length=MAX_ALLOW,
        description="Item ids, of which only may come back; unknown ones are ignored. Absent: all items.",
    ),
]
Diversity = Annotated[
    float,
    Strict(),
    Field(
        ge=0,
        le=1,
        description="How much novelty counts against score: 0 for the order of scores, 1 for novelty alone. Absent: "
        "what the recipe says. Refused beyond the limits of the recipe, and where its selector knows no diversity.",
    ),
]
Explore = Annotated[
    float,
    Strict(),
    Field(
        ge=0,
        description="How much chance decides: the temperature of the draw, 0 for the order of scores, 1 for items in "
        "proportion to the odds that their scores mean. The request's name (X-Request-Id) is the seed. Absent: what "
        "the recipe says. Refused beyond the limits of the recipe, and where its selector draws nothing.",
    ),
]
Trace = Annotated[
    bool,
    Strict(),
    Field(
        description="Whether the answer tells what every stage did, `trace`, and how each item came into it, "
        "`way`; both are absent otherwise."
    ),
]
Cursor = Annotated[
    str,
    Field(
        max_length=MAX_CURSOR_CHARS,
        description="For the next page: the cursor of the answer before; say the rest of the request again. What "
        "earlier pages showed does not come back, and counts for diversity, caps and the places of pins. It is the "
        "visitor's own and expires; refused with the code cursor_expired or cursor_invalid, and then it is time to ask "
        "for the first page again. Absent: the first page.",
    ),
]
BudgetMs = Annotated[
    float,
    Strict(),
    Field(
        ge=0,
        le=MAX_BUDGET_MS,
        description="Milliseconds from the end of the request within which the answer is wanted, if that is less than "
        "the service's own budget. Stages that have not begun by then are not: the answer holds k items all the same, "
        "in a simpler order, and `degraded` names what is missing.",
    ),
]


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True, kw_only=True)
class RecommendationRequest:
    """Asks for the k best items for one user at one moment."""

    user_id: UserId | None = None
    session_id: SessionId | None = None
    context: Context = field(default_factory=dict)
    k: K = 10
    exclude: Exclude = field(default_factory=list)
    filters: Filters = field(default_factory=dict)
    allow: Allow | None = None
    diversity: Diversity | None = None
    explore: Explore | None = None
    cursor: Cursor | None = None
    budget_ms: BudgetMs | None = None
    trace: Trace = False


class Choice(TypedDict, total=False):
    """To which session, which items may come back, and in which manner, for the Python client; None is as if absent.

    Attributes:
        session_id: of a visitor who has not logged in, instead of a user id.
        filters: by filterable feature, the list of wanted values or an object with `min`, `max` or both.
        allow: ids of which only may come back; absent, all may.
        diversity: 0 to 1, instead of what the recipe says and within its limits.
        explore: the temperature of the draw, from 0, likewise.
        cursor: of the answer before, for the page after it; absent, the first page.
        budget_ms: milliseconds within which the answer is wanted, if that is less than the service's own budget.
        trace: whether the answer tells what every stage did.
    """

    session_id: str | None
    filters: Mapping[str, Any]
    allow: Sequence[str] | None
    diversity: float | None
    explore: float | None
    cursor: str | None
    budget_ms: float | None
    trace: bool


class RecommendedItem(TypedDict, extra_items=Any):
    """One item of the answer; the card columns of the shop's schema stand beside these fields."""

    item_id: str
    rank: Annotated[int, Field(ge=1, description="1 is best.")]
    score: Annotated[float, Field(description="Higher is better; comparable within one answer only.")]
    title: str | None
    seen: Annotated[
        bool, Field(description="True: the user has had it, and it returned because nothing else may be shown.")
    ]
    way: NotRequired[
        Annotated[ItemWay, Field(description="How it came into the answer, if a trace is asked for; not in a batch.")]
    ]


class RecommendationResponse(AnswerHead):
    """The answer, best item first."""

    degraded: Degraded
    items: list[RecommendedItem]
    cursor: Annotated[
        str | None,
        Field(
            description="For the next page. Null after the last one: fewer than k items came, none was wanted, or the "
            "pages showed more items than the 187 that a cursor remembers."
        ),
    ]
    trace: NotRequired[
        Annotated[
            list[StageTold], Field(description="Sources and stages in the order in which they ran, if asked for.")
        ]
    ]
