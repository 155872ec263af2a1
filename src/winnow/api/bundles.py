"""`/v1/admin/bundle`: which bundle answers, which did before, and which may be next."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, with_config
from typing_extensions import TypedDict

Name = Annotated[
    str, Field(min_length=1, max_length=128, description="Of a bundle in the registry, as its folder is called.")
]


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True, kw_only=True)
class BundleRequest:
    """A bundle of the registry."""

    name: Name


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True, kw_only=True)
class CanaryRequest:
    """A bundle of the registry, and for whom it answers."""

    name: Name
    share: Annotated[float, Field(gt=0, lt=1, description="Of the visitors; the same ones as long as it lasts.")]


class OpenBundle(TypedDict):
    """A bundle that is open in every worker."""

    name: Annotated[str, Field(description="In the registry.")]
    bundle: Annotated[str, Field(description="Its own, as answers tell it.")]
    digest: str


class CandidateBundle(OpenBundle):
    """A bundle that may be the next to serve."""

    role: Literal["prepared", "shadow", "canary"]
    share: Annotated[float, Field(description="Of the visitors whom it answers; 0 but for a canary.")]
    trial: Annotated[str, Field(description="How it answered the canary requests, a sentence.")]


class WorkerBundle(TypedDict):
    """Which bundle answers in one worker."""

    worker: str
    bundle: str


class ShadowFigures(TypedDict):
    """What the workers that live have seen of the candidate beside the bundle that answers."""

    requests: Annotated[int, Field(description="Asked of both.")]
    dropped: Annotated[int, Field(description="Not asked of the candidate, for it was behind.")]
    failed: Annotated[int, Field(description="That the candidate could not answer.")]
    overlap: Annotated[float | None, Field(description="Share of the answered items that the candidate answers too.")]
    score_shift: Annotated[
        float | None, Field(description="Mean score of the candidate less that of the answer, over items of both.")
    ]
    latency_ratio: Annotated[
        float | None, Field(description="Seconds of the candidate for each second of the bundle that answers.")
    ]


class BundleStatus(TypedDict):
    """The bundles of the service."""

    current: OpenBundle
    previous: OpenBundle | None
    candidate: CandidateBundle | None
    workers: list[WorkerBundle]
    shadow: ShadowFigures | None
