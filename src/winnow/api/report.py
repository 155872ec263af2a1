"""`GET /v1/admin/report`: how a bundle came to be, and how good it was found to be."""

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import ConfigDict, Field, with_config
from typing_extensions import TypedDict

BundleName = Annotated[
    str,
    Field(max_length=128, description="Of a bundle in the registry, open or not. Empty: of the bundle that serves."),
]


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRequest:
    """Asks, in the query of the address, for the report of a bundle."""

    bundle: BundleName = ""


class ReportResponse(TypedDict):
    """What the bundle says of itself, and its evaluation."""

    bundle: Annotated[str, Field(description="Its own name, as answers tell it.")]
    digest: str
    created_at: Annotated[str, Field(description="UTC, ISO 8601.")]
    age_s: Annotated[float, Field(description="Seconds since then.")]
    winnow_version: Annotated[str, Field(description="Of the program that wrote it.")]
    recipe: Annotated[dict[str, Any], Field(description="By which it was trained.")]
    split: Annotated[dict[str, Any], Field(description="Which events training read, and which were held out.")]
    training_metrics: Annotated[
        dict[str, float | None],
        Field(description="What training measured on its own validation rows, and of the index."),
    ]
    evaluation: Annotated[
        dict[str, Any],
        Field(
            description="The report that `winnow evaluate` attached: baselines, the funnel, calibration, new items, "
            "leaks."
        ),
    ]
