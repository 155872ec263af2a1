"""What an audit of the filter of what users have had found."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from winnow.metrics.proportion import share_interval


@dataclass(frozen=True, slots=True, kw_only=True)
class FillRow:
    """Users whose bitmaps are about equally full.

    Attributes:
        fill: of their fullest slice, in words.
        users, pairs, hidden: how many; pairs that they have not had, and those of them that are hidden.
    """

    fill: str
    users: int
    pairs: int
    hidden: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingPair:
    """A user and an item that the user had, and that is not hidden."""

    user_id: str
    item_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenAudit:
    """Counts of pairs of user and item.

    Attributes:
        bundle: name of the bundle.
        days: UTC days that the filter remembers.
        stated_rate: share of unseen items that the recipe allows the filter to hide.
        users: that were asked for.
        left_out: users that were drawn and not asked for, by why.
        wanted: unseen pairs that were to be asked for.
        by_fill: unseen pairs that were, by how full the slices of the user are.
        seen_pairs: pairs that must be hidden.
        missing: those of them that are not, the first few.
        num_missing: all of them.
        k: items of a page.
        page_items: items on the pages of all users, as a filter that never errs would have them.
        lost: how many of these are hidden.
        pages_short: pages on which at least one is.
        worst_page: how many are, on the page that loses most.
    """

    bundle: str
    days: int
    stated_rate: float
    users: int
    left_out: Mapping[str, int]
    wanted: int
    by_fill: Sequence[FillRow]
    seen_pairs: int
    missing: Sequence[MissingPair]
    num_missing: int
    k: int
    page_items: int
    lost: int
    pages_short: int
    worst_page: int

    @property
    def pairs(self) -> int:
        """Unseen pairs."""
        return sum(row.pairs for row in self.by_fill)

    @property
    def hidden(self) -> int:
        """Unseen pairs that are hidden."""
        return sum(row.hidden for row in self.by_fill)

    @property
    def interval(self) -> tuple[float, float]:
        """Where the rate of these users lies, with a certainty of 99 %."""
        return share_interval(self.hidden, self.pairs)

    @property
    def keeps_rate(self) -> bool:
        """Whether the rate may be what is stated, or less."""
        return self.interval[0] <= self.stated_rate

    @property
    def holds(self) -> bool:
        """Whether the filter does what it promises, as far as this was asked."""
        return self.keeps_rate and not self.num_missing

    def to_dict(self) -> dict[str, Any]:
        """As JSON takes it."""
        low, high = self.interval
        told = {"pairs": self.pairs, "hidden": self.hidden, "rate": _share(self.hidden, self.pairs)}
        return {**asdict(self), **told, "interval": [low, high], "keeps_rate": self.keeps_rate, "holds": self.holds}

    def lines(self) -> list[str]:
        """In words."""
        return [*self._asked(), *self._wrongly_hidden(), *self._lost_items(), *self._missing_pairs()]

    def _asked(self) -> list[str]:
        kept = f"it remembers {self.days} days and states a rate of {self.stated_rate:.3%}"
        said = [f"Asked the seen filter of {self.bundle} about {self.users:,} users; {kept}."]
        said += [f"Left out {count:,} users: {why}." for why, count in self.left_out.items() if count]
        if self.pairs < self.wanted:
            said.append(f"Only {self.pairs:,} of {self.wanted:,} unseen pairs exist among them; all were asked for.")
        return said

    def _wrongly_hidden(self) -> list[str]:
        low, high = self.interval
        rate = f"{_share(self.hidden, self.pairs):.3%}, with a certainty of 99 % {low:.3%} to {high:.3%}"
        rows = [
            f"  {row.fill:<10} {row.users:>9,} users {row.pairs:>11,} pairs {row.hidden:>8,} hidden "
            f"{_share(row.hidden, row.pairs):>9.3%}"
            for row in self.by_fill
            if row.users
        ]
        verdict = "within the stated rate" if self.keeps_rate else "ABOVE the stated rate"
        return [
            f"Unseen pairs: {self.pairs:,}; hidden: {self.hidden:,}, that is {rate}: {verdict}.",
            "By the fullest slice of the user (a slice is full at a half):",
            *rows,
        ]

    def _lost_items(self) -> list[str]:
        a_page = self.lost / self.users if self.users else 0.0
        lost = f"{self.lost:,} of {self.page_items:,} on the best pages of {self.k}, {a_page:.4f} a page"
        return [f"Good items lost: {lost}; {self.pages_short:,} pages lose some, the worst {self.worst_page}."]

    def _missing_pairs(self) -> list[str]:
        if not self.num_missing:
            return [f"Seen pairs: {self.seen_pairs:,}; every one is hidden."]
        first = [f"  user {each.user_id}, item {each.item_id}" for each in self.missing]
        why = "Did the recipe change what counts as seen, or the server lose data?"
        return [f"Seen pairs: {self.seen_pairs:,}; {self.num_missing:,} are NOT hidden. {why} The first:", *first]


def _share(some: int, of: int) -> float:
    return some / of if of else 0.0
