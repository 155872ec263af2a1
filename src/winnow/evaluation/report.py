"""What an evaluation found."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from winnow.data.split import TIME, SplitKind
from winnow.evaluation.head_row import HeadRow
from winnow.evaluation.leaks.leak_report import LeakReport

SeenMode = Literal["masked", "kept"]
"""`masked`: what a user had in training is neither answered nor counted. `kept`: repeats are answered and counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRow:
    """One figure of one model.

    Attributes:
        model: "winnow" or the name of a baseline.
        metric: "recall", "ndcg" and "hit_rate" are means over users; "coverage" and "gini" are of all lists together;
            "oracle_share_ndcg_at_10" and the like are shares of their lift over "popular" that a model reaches.
        k: length of the lists.
        slice: "all", "warm" (users with a history), "cold" (users without), "new_items" or "known_items" (users who
            want any, and only those count as right; an item without any event in the training time is new).
        seen: what happened to items of the history.
        protocol: "time", a cut in time, or "leave-one-out", the last item of every user; both with full ranking.
        value: the figure.
        low: lower end of its 95 % interval; None for figures that resampled users would distort.
        high: upper end, likewise.
    """

    model: str
    metric: str
    k: int
    slice: str
    seen: SeenMode
    protocol: SplitKind = TIME
    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Winnow minus a baseline over the same users of a slice, with its paired 95 % interval."""

    model: str
    metric: str
    k: int
    slice: str = "all"
    seen: SeenMode
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FunnelRow:
    """What a source found, or a stage of the pipeline left.

    Attributes:
        seen: what happened to items of the history.
        stage: name in the trace, where sources come before `retrieve`; the answer cut at k is "top_<k>".
        recall: share of the relevant items that are still there, mean over users.
        candidates: candidates of a request, mean over users.
    """

    seen: SeenMode
    stage: str
    recall: float
    candidates: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ImpressionRow:
    """How well a model tells clicks from the rest of what was shown, and whether its chances are what they say.

    Nobody is told the place where items are put in order; chances are those of a click where the item stands.

    Attributes:
        model: "winnow" or "popular", and on a simulated shop "reference" or "oracle".
        slice: "all", or whose impressions they are, or in what context; "cold users" have no positive in training.
        impressions: how many.
        auc: area under the ROC curve; None where none of them was clicked, or all were.
        clicks: how many were clicked; None, as all that follows, in reports of before it was counted.
        auc_within_users: the AUC of each visitor, weighted by impressions; None where nobody has both kinds.
        ndcg: mean over the pages with a click; None where there are none.
        log_loss: in nats; None for a model that knows no chances.
        entropy: normalised, 1 where nothing is known; None likewise, and where none was clicked, or all were.
        calibration_error: expected, over 15 bins of equal mass; None for a model that knows no chances.
        shares: on a simulated shop `<best>_share_<metric>`, what the model gains over knowing nothing, as a share of
            what reference and oracle gain: of "auc" over 0.5, of "entropy" below 1.
    """

    model: str
    slice: str
    impressions: int
    auc: float | None
    clicks: int | None = None
    auc_within_users: float | None = None
    ndcg: float | None = None
    log_loss: float | None = None
    entropy: float | None = None
    calibration_error: float | None = None
    shares: Mapping[str, float] = field(default_factory=dict[str, float])


@dataclass(frozen=True, slots=True, kw_only=True)
class ReliabilityBin:
    """What was said of some impressions, and what came of them: a point of a reliability plot.

    Attributes:
        model, slice: as in ImpressionRow.
        mean_probability: mean of the chances of a click that the model gave, rising from bin to bin.
        share_of_clicks: how many of the impressions were clicked, 0 to 1.
        impressions: how many.
    """

    model: str
    slice: str
    mean_probability: float
    share_of_clicks: float
    impressions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UserCount:
    """How much a slice holds.

    Attributes:
        seen: what happened to items of the history.
        slice: as in ReportRow.
        users: how many.
        relevant: their right answers, each item once for a user; None in reports of before they were counted.
    """

    seen: SeenMode
    slice: str
    users: int
    relevant: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentCount:
    """How many items of the catalogue have a content vector, and what it is made of.

    Attributes:
        feature: name of the vectors, for example of texts or pictures.
        items: how many have one.
        share: of the catalogue, 0 to 1.
        encoder: who read texts or pictures; "" where the shop brought the vectors.
        width: numbers in a vector.
        explained: share of the encoder's variance that these numbers hold, in the training items, 0 to 1; None where
            the vectors are as they came.
    """

    feature: str
    items: int
    share: float
    encoder: str = ""
    width: int = 0
    explained: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentRow:
    """How good winnow would be if content were missing.

    Attributes:
        feature: name of the content vectors, or "*" for all of them together.
        share: of the items that have such content, those that keep it: 1 for all, 0.5 for a drawn half, 0 for none.
        seen: what happened to items of the history.
        users: how many were asked, the same for all rows; drawn when there are more than 1,000.
        metric: "recall" or "ndcg", mean over these users.
        k: length of the lists.
        value: the figure.
        low: lower end of its 95 % interval.
        high: upper end.
        change: the figure minus that of the same users with all content.
        change_low: lower end of its paired 95 % interval.
        change_high: upper end.
    """

    feature: str
    share: float
    seen: SeenMode
    users: int
    metric: str
    k: int
    value: float
    low: float
    high: float
    change: float
    change_low: float
    change_high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All figures of one evaluation.

    Attributes:
        rows: of every model, metric, k and slice.
        differences: winnow against each baseline, over all users; for new items in recall@50 only.
        funnel: stage by stage, in the order of the pipeline.
        users: sizes of the slices; an empty slice has no rows elsewhere.
        impressions: how well clicks on what was shown are told apart; none where nothing was logged, or nobody but
            popularity could say anything.
        reliability: points of the models that know chances, slice by slice; none likewise, nor in older reports.
        heads: how well each outcome is told that the click model tells; none likewise.
        content_counts: of each kind of content vectors, in the order of the catalogue.
        content: what is lost without content; none where the bundle has no content or no item tower.
        leaks: every check for leaks that was made; none in reports of before there were such checks.
        notes: sentences about baselines that are missing, or chosen among several.
    """

    rows: Sequence[ReportRow]
    differences: Sequence[Difference]
    funnel: Sequence[FunnelRow]
    users: Sequence[UserCount]
    impressions: Sequence[ImpressionRow] = ()
    reliability: Sequence[ReliabilityBin] = ()
    heads: Sequence[HeadRow] = ()
    content_counts: Sequence[ContentCount] = ()
    content: Sequence[ContentRow] = ()
    leaks: LeakReport = field(default_factory=LeakReport)
    notes: Sequence[str] = ()

    def to_rows(self) -> list[dict[str, Any]]:
        """The figures as plain rows, JSON-ready; where something leaks, every row's protocol says so."""
        leaking = ", leaking" if self.leaks.leaks else ""
        return [{**asdict(row), "protocol": f"{row.protocol}{leaking}"} for row in self.rows]

    def to_dict(self) -> Mapping[str, Any]:
        """Everything as plain values, JSON-ready."""
        return {
            "rows": [asdict(row) for row in self.rows],
            "differences": [asdict(each) for each in self.differences],
            "funnel": [asdict(each) for each in self.funnel],
            "users": [asdict(each) for each in self.users],
            "impressions": [asdict(each) for each in self.impressions],
            "reliability": [asdict(each) for each in self.reliability],
            "heads": [asdict(each) for each in self.heads],
            "content_counts": [asdict(each) for each in self.content_counts],
            "content": [asdict(each) for each in self.content],
            "leaks": self.leaks.to_dict(),
            "notes": [*self.notes],
        }

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> "Report":
        """The inverse of `to_dict`, also after a trip through JSON."""
        return cls(
            rows=[ReportRow(**row) for row in content["rows"]],
            differences=[Difference(**each) for each in content["differences"]],
            funnel=[FunnelRow(**each) for each in content["funnel"]],
            users=[UserCount(**each) for each in content["users"]],
            impressions=[ImpressionRow(**each) for each in content.get("impressions", ())],
            reliability=[ReliabilityBin(**each) for each in content.get("reliability", ())],
            heads=[HeadRow(**each) for each in content.get("heads", ())],
            content_counts=[ContentCount(**each) for each in content.get("content_counts", ())],
            content=[ContentRow(**each) for each in content.get("content", ())],
            leaks=LeakReport.from_dict(content.get("leaks", {"findings": ()})),
            notes=tuple(content.get("notes", ())),
        )
