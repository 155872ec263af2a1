"""What became of a list."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from winnow.ui.shown_item import ShownItem


@dataclass(frozen=True, slots=True, kw_only=True)
class Leader:
    """The category that most items of a list have.

    Attributes:
        category: its name; empty where no item has one.
        share: of the items, 0 to 1.
    """

    category: str
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A list before and after something happened.

    Attributes:
        before, after: best item first.
    """

    before: Sequence[ShownItem]
    after: Sequence[ShownItem]

    @property
    def new(self) -> list[ShownItem]:
        """Those that were not there before, in their order."""
        before = {each.item_id for each in self.before}
        return [each for each in self.after if each.item_id not in before]

    @property
    def gone(self) -> list[ShownItem]:
        """Those that are there no more, in the order that they had."""
        after = {each.item_id for each in self.after}
        return [each for each in self.before if each.item_id not in after]

    @property
    def moves(self) -> Mapping[str, int]:
        """By item id, how many places each one that stayed has risen; less than 0: it has sunk."""
        before = {each.item_id: place for place, each in enumerate(self.before)}
        places = ((each.item_id, place) for place, each in enumerate(self.after))
        return {item_id: before[item_id] - place for item_id, place in places if item_id in before}

    @property
    def is_none(self) -> bool:
        """Whether both are the same items in the same order."""
        return [each.item_id for each in self.before] == [each.item_id for each in self.after]

    def leaders(self) -> tuple[Leader, Leader]:
        """The leading category before, and the one after."""
        return leader_of(self.before), leader_of(self.after)

    def shares(self, category: str) -> tuple[float, float]:
        """Which share of the items a category had before, and which it has after."""
        return _share(self.before, category), _share(self.after, category)


def leader_of(items: Sequence[ShownItem]) -> Leader:
    """The leading category of a list; of several that lead, the one that comes first in it."""
    counts = Counter(each.category for each in items if each.category)
    category = max(counts, key=lambda each: counts[each], default="")
    return Leader(category=category, share=_share(items, category))


def _share(items: Sequence[ShownItem], category: str) -> float:
    return sum(each.category == category for each in items) / len(items) if items and category else 0.0
