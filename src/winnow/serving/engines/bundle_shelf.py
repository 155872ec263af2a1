"""Where a running service takes further bundles from."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from winnow.bundle.registry import Registry
from winnow.engine.engine import Engine
from winnow.engine.trial import trial
from winnow.schema.errors import BundleError, Unavailable, WinnowError
from winnow.serving.engines.seat import Seat


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleShelf:
    """Opens bundles of a registry, and tries them.

    Attributes:
        registry: by whose names bundles are asked for.
        first: the bundle that serves when the service starts.
        chosen_at: when the registry came to name that one, UTC seconds.
        open: a bundle's folder into an engine over the stores of the service.
    """

    registry: Registry
    first: str
    chosen_at: float = 0.0
    open: Callable[[Path], Engine]

    def tried(self, name: str) -> Seat:
        """A bundle that may be put before visitors.

        Raises:
            BundleError: there is none of this name, it is damaged, answers otherwise than when it was trained, or does
                not fit the stores of the service.
            Unavailable: somebody does not answer whom it would have to ask.
        """
        path = self.registry.path_of(name)
        try:
            engine = self.open(path)
            return Seat(name=name, engine=engine, trial=trial(engine))
        except (BundleError, Unavailable):
            raise
        except WinnowError as error:
            raise BundleError(f"The bundle {name} cannot serve here: {error}") from error

    def check_same(self, seat: Seat) -> None:
        """Raises BundleError where another bundle has taken the place of one that is open, under the same name."""
        if self.registry.manifest_of(seat.name).digest != seat.engine.digest:
            raise BundleError(
                f"The bundle {seat.name} is open, and its folder holds another one by now. Give every training a "
                "folder of its own."
            )
