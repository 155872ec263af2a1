"""Numbers that an address says, and what is told of those that cannot be."""

from collections.abc import Iterable
from dataclasses import dataclass

Pairs = Iterable[tuple[str, str]]
MAX_SHOWN = 48
MAX_PAGE = 10_000
ITEMS = 10
PAGE = "page"
"""In an address: which page of a list."""
MIN, MAX = "min.", "max."
"""In an address, before the name of a number by which items are filtered."""
MOST_CHARS = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressNumber:
    """A number that may stand in an address.

    Attributes:
        least, most: both may come.
        is_whole: whether it has no fraction.
        instead: what counts where it cannot be read.
    """

    least: float
    most: float
    is_whole: bool = False
    instead: str

    def read(self, text: str | None) -> float | None:
        """The number; None where none was said, or one that cannot be."""
        try:
            number = float(text or "")
        except ValueError:
            return None
        is_one = self.least <= number <= self.most and (not self.is_whole or number == int(number))
        return number if is_one else None

    def whole(self, text: str | None) -> int | None:
        """Likewise."""
        number = self.read(text)
        return None if number is None else int(number)

    @property
    def wanted(self) -> str:
        """What may come, in words."""
        return f"a {'whole number' if self.is_whole else 'number'} from {self.least:g} to {self.most:g}"


NUMBERS = {
    "k": AddressNumber(least=1, most=MAX_SHOWN, is_whole=True, instead=f"{ITEMS} items are shown"),
    "hour": AddressNumber(least=0, most=23, is_whole=True, instead="the hour is that of now"),
    "weekday": AddressNumber(least=0, most=6, is_whole=True, instead="the day is today"),
    "diversity": AddressNumber(least=0, most=1, instead="diversity is what the recipe says"),
    "explore": AddressNumber(least=0, most=10, instead="exploration is what the recipe says"),
    PAGE: AddressNumber(least=1, most=MAX_PAGE, is_whole=True, instead="the first page is shown"),
}
BOUND = AddressNumber(least=-1e12, most=1e12, instead="it bounds nothing")


def misread(pairs: Pairs) -> list[str]:
    """A sentence for each number of an address that cannot be: what came, what is wanted, what counts instead."""
    return [
        f"The address says {name[:MOST_CHARS]}={text[:MOST_CHARS]}; {number.wanted} is wanted, so {number.instead}."
        for name, text in dict(pairs).items()
        if text and (number := _number(name)) is not None and number.read(text) is None
    ]


def _number(name: str) -> AddressNumber | None:
    return BOUND if name.startswith((MIN, MAX)) else NUMBERS.get(name)
