"""How large a simulated shop is."""

from dataclasses import dataclass

from winnow.schema.errors import DataError

FEWEST = {"users": 20, "items": 40, "days": 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatorSpec:
    """A size and a seed; equal specs give equal shops, row for row.

    Attributes:
        users: at least 20.
        items: at least 40.
        days: at least 2.
        seed: from 0.
    """

    users: int
    items: int
    days: int
    seed: int = 0

    def __post_init__(self) -> None:
        for name, fewest in FEWEST.items():
            if getattr(self, name) < fewest:
                raise DataError(f"A shop with {getattr(self, name)} {name} is too small; at least {fewest} are wanted.")
        if self.seed < 0:
            raise DataError(f"The seed is {self.seed}; 0 or more is wanted.")


SIZES = {
    "tiny": SimulatorSpec(users=200, items=120, days=14),
    "demo": SimulatorSpec(users=3_000, items=1_000, days=28),
}
