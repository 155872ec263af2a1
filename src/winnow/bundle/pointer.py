"""Which bundle of a registry serves."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointer:
    """What `serving.json` says.

    Attributes:
        current: name of the bundle that serves; None before the first was promoted.
        previous: name of the one that did before it; None where there is none.
    """

    current: str | None = None
    previous: str | None = None
