"""In which ways items are alike, as a shop's bundle can compare them."""

from collections.abc import Mapping
from dataclasses import dataclass

from winnow.schema.feature import Kind
from winnow.ui.wanted import said


@dataclass(frozen=True, slots=True, kw_only=True)
class LikenessWay:
    """One way.

    Attributes:
        name: what it is called.
        finds: heads what is found so.
        by: the parts, as the service takes them.
    """

    name: str
    finds: str
    by: str


def likeness_ways(parts: Mapping[str, Kind | None]) -> dict[str, LikenessWay]:
    """By their words in addresses: pictures first, then vectors that the shop brings, words, and what people want.

    Args:
        parts: that likeness can be mixed of, see `Shop.likeness`.
    """
    ways: dict[str, LikenessWay] = {}
    if pictures := _of_kind(parts, Kind.IMAGE):
        ways["picture"] = LikenessWay(name="By picture", finds="Looks like it", by=",".join(pictures))
    for name in _of_kind(parts, Kind.VECTOR):
        words = said(name).lower()
        ways.setdefault(name, LikenessWay(name=f"By {words}", finds=f"Like it in {words}", by=name))
    if texts := _of_kind(parts, Kind.TEXT):
        ways["words"] = LikenessWay(name="By words", finds="Described alike", by=",".join(texts))
    for name in _of_kind(parts, None):
        ways[name] = LikenessWay(name=f"By {said(name).lower()}", finds="People also liked", by=name)
    return ways


def _of_kind(parts: Mapping[str, Kind | None], wanted: Kind | None) -> list[str]:
    return [name for name, kind in parts.items() if kind is wanted]
