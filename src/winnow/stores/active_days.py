"""When users were active last, so that who was not for long can go."""

from dataclasses import dataclass, field
from itertools import islice


@dataclass(slots=True)
class ActiveDays:
    """Names by the last UTC day, since 1970, on which anything came. Not safe to share between threads."""

    _names: dict[int, set[str]] = field(default_factory=dict[int, set[str]])

    def add(self, name: str, day: int) -> None:
        """A name is active on a day; take it from another one first."""
        self._names.setdefault(day, set()).add(name)

    def remove(self, name: str, day: int) -> None:
        """A name is not of a day any more."""
        names = self._names[day]
        names.remove(name)
        if not names:
            del self._names[day]

    def some_before(self, day: int, most: int) -> list[str]:
        """At most so many names whose last day lies before a day."""
        early = (name for each, names in self._names.items() if each < day for name in names)
        return list(islice(early, most))
