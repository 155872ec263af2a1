"""What all workers of a service have to do, and what each says of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Something that every worker does, in one sequence for all of them.

    Attributes:
        kind: what is to be done, such as "put_item" or "switch_bundle".
        told: JSON values; a picture is bytes.
        at: when it was given, UTC seconds.
    """

    kind: str
    told: Mapping[str, Any]
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What one worker says of an order.

    Attributes:
        worker: its name, unique among all that live.
        bundle: name of the bundle that answers there now.
        refusal: a sentence; None where the order is carried out.
        shadow: what it found of the candidate that it asked last, by name as in a tally; empty where it never did.
    """

    worker: str
    bundle: str
    refusal: str | None = None
    shadow: Mapping[str, Any] = field(default_factory=dict[str, Any])
