"""A bundle that is open in this process."""

from dataclasses import dataclass

from winnow.engine.engine import Engine


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """An engine under the name by which it is spoken of.

    Attributes:
        name: of the bundle in its registry; without a registry, its own.
        engine: as items and demand are by now.
        trial: how it did when it was tried, a sentence; empty where it never was.
    """

    name: str
    engine: Engine
    trial: str = ""
