"""What went wrong, as a page says it."""

from dataclasses import dataclass
from enum import StrEnum

from winnow.api.refused_error import RefusedError
from winnow.schema.errors import Unavailable, WinnowError


class FaultKind(StrEnum):
    """What a page may do differently for."""

    DOWN = "down"
    SLOW = "slow"
    MISSING = "missing"
    """The service has no such route: it is older than the page."""
    SHUT = "shut"
    """The pages lack the key for it."""
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """An answer that did not come. A value, never raised: every page shows it and goes on.

    Attributes:
        kind: which of those that there are.
        title: what happened, in few words.
        sentence: the same in full, often the service's own.
        advice: what to do now.
    """

    kind: FaultKind
    title: str
    sentence: str
    advice: str


SLOW = Fault(
    kind=FaultKind.SLOW,
    title="That takes longer than it should",
    sentence="The service has not answered in time.",
    advice="It may be busy. Try again in a moment.",
)
DOWN = "The service does not answer"


def fault_of(error: WinnowError) -> Fault:
    """The fault that an error of the client means."""
    match error:
        case Unavailable() if isinstance(error.__cause__, TimeoutError):
            return SLOW
        case Unavailable():
            advice = "Start it, or wait until it is back; then try again. Nothing that you did is lost."
            return Fault(kind=FaultKind.DOWN, title=DOWN, sentence=str(error), advice=advice)
        case RefusedError(code="not_found"):
            title, advice = "This service cannot do that yet", "Update the service to the version of these pages."
            return Fault(kind=FaultKind.MISSING, title=title, sentence=str(error), advice=advice)
        case RefusedError(status=401 | 403):
            advice = "Start the pages with WINNOW_UI_KEY and WINNOW_UI_ADMIN_KEY, keys of the service."
            return Fault(kind=FaultKind.SHUT, title="The pages lack the key for it", sentence=str(error), advice=advice)
        case _:
            advice = "Change what was asked for, and try again."
            return Fault(kind=FaultKind.REFUSED, title="The service refused that", sentence=str(error), advice=advice)
