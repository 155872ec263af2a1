"""What is tried in search of the most that a service holds."""

from dataclasses import dataclass, field

from winnow.schema.errors import RequestError


@dataclass(frozen=True, slots=True, kw_only=True)
class CapacityPlan:
    """A target and a grid.

    Attributes:
        target_p99_ms: within which 99 of 100 requests are to be over.
        shares: of the recipe's quotas, each above 0 to 1; the first is the recipe's own.
        workers: most processes that answer, 1 or more; more than one need a server.
        valkey_url: of a server that is not in use by a service; empty for none. Not shown in `repr`.
        seconds: of each load.
        visitors: who ask, and whose answers are compared.

    Raises:
        RequestError: a value is out of range.
    """

    target_p99_ms: float
    shares: tuple[float, ...] = (1.0, 0.5, 0.25)
    workers: int = 1
    valkey_url: str = field(default="", repr=False)
    seconds: float = 3.0
    visitors: int = 300

    def __post_init__(self) -> None:
        if not self.target_p99_ms > 0:
            raise RequestError(f"The target is {self.target_p99_ms} ms; it is above 0.")
        if self.shares[:1] != (1.0,) or not all(0 < share <= 1 for share in self.shares):
            raise RequestError(f"The shares of retrieval are {self.shares}; they begin with 1, and are above 0 to 1.")
        if not (self.workers >= 1 and self.seconds > 0 and self.visitors >= 1):
            raise RequestError(
                f"{self.workers} workers, {self.seconds} seconds and {self.visitors} visitors were asked for; each is "
                "above 0."
            )
        if self.workers > 1 and not self.valkey_url:
            raise RequestError(
                f"{self.workers} workers share their state on a server; name one that no service uses with "
                "WINNOW_VALKEY_URL, or measure one worker."
            )
