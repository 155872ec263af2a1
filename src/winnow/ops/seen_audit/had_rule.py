"""What counts as had, and for how long that is remembered."""

from dataclasses import dataclass

from winnow.engine.engine import Engine
from winnow.schema.column import Bools
from winnow.schema.errors import RequestError
from winnow.schema.schema import EventType
from winnow.stores.event import CODE_OF_TYPE
from winnow.stores.seen_layout import SeenConfig


@dataclass(frozen=True, slots=True, kw_only=True)
class HadRule:
    """As the recipe of a bundle has it.

    Attributes:
        counted: bool [number of event types], after which an item must be hidden.
        may_count: bool [number of event types], after which it may be: impressions too, where some of them count.
        seen: of the filter.
    """

    counted: Bools
    may_count: Bools
    seen: SeenConfig

    @staticmethod
    def of(engine: Engine) -> "HadRule":
        """Of the bundle that is at work.

        Raises:
            RequestError: the engine does not say.
        """
        if engine.assembly is None:
            raise RequestError(f"The bundle {engine.name} does not say what it hides; open one that was trained.")
        config = engine.assembly.config
        counted = config.had_types(engine.schema.events.positives)
        may_count = counted.copy()
        may_count[CODE_OF_TYPE[EventType.IMPRESSION]] |= config.seen_impressions > 0
        return HadRule(counted=counted, may_count=may_count, seen=config.seen)

    @property
    def types(self) -> list[str]:
        """The names of those that are counted."""
        return [name for name, code in CODE_OF_TYPE.items() if self.counted[code]]
