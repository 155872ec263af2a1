"""What a visitor wants to see only, and how it is said."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from winnow.ui.visit import Visit


def toggled(visit: Visit, name: str, value: str) -> Visit:
    """With a value of a feature wanted that was not, or the other way round."""
    now = chosen(visit, name)
    return with_filter(visit, name, [each for each in now if each != value] if value in now else [*now, value])


def with_filter(visit: Visit, name: str, wanted: Any) -> Visit:
    """With that filter on a feature; an empty one takes it away."""
    others = {other: filter_ for other, filter_ in visit.filters.items() if other != name}
    return replace(visit, filters=others | ({name: wanted} if wanted else {}))


def chosen(visit: Visit, name: str) -> list[str]:
    """The values of a feature that are wanted; empty: any."""
    wanted = visit.filters.get(name, [])
    return [] if isinstance(wanted, Mapping) else [*wanted]


def bounds_of(visit: Visit, name: str) -> Mapping[str, float]:
    """Between what a number is wanted; empty: any."""
    wanted = visit.filters.get(name, {})
    return wanted if isinstance(wanted, Mapping) else {}


def said(name: str) -> str:
    """A column's name as people read it: "made_for" is "Made for"."""
    words = name.replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def parts(visit: Visit) -> list[tuple[str, Visit]]:
    """Everything that is wanted, in words, each with the visit that goes without it."""
    found: list[tuple[str, Visit]] = []
    for name, wanted in visit.filters.items():
        if isinstance(wanted, Mapping):
            words = " ".join(
                f"{word} {wanted[bound]:g}" for bound, word in (("min", "from"), ("max", "to")) if bound in wanted
            )
            found.append((f"{said(name)} {words}", with_filter(visit, name, None)))
        else:
            found += [(f"{said(name)}: {value}", toggled(visit, name, value)) for value in wanted]
    return found
