"""What the bundle in service lets pages show and ask, as they need it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from winnow.api.shop import Leeway, ShopResponse
from winnow.schema.feature import Kind

SHUT = {
    "diversity": "The recipe in service orders items without regard to diversity: it selects by “{}”.",
    "explore": "The recipe in service leaves nothing to chance: it selects by “{}”.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """Of one bundle. The default one knows of nothing but titles.

    Attributes:
        bundle: its name, as answers tell it.
        categories: columns of cards, the one that is shown first.
        price: column of cards; empty where they have none.
        texts, pictures: columns of cards.
        context: by what a request may tell of its moment, the values that training knew.
        likeness: by part that likeness can be mixed of, what it is; None: what the same visitors want.
        select: how the recipe chooses.
        leeway: by what a request may ask for, between what; None: nothing of it.
    """

    bundle: str = ""
    categories: tuple[str, ...] = ()
    price: str = ""
    texts: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()
    context: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    likeness: Mapping[str, Kind | None] = field(default_factory=dict)
    select: str = ""
    leeway: Mapping[str, Leeway | None] = field(default_factory=dict)

    @staticmethod
    def of(told: ShopResponse, price: str) -> "Shop":
        """Out of an answer.

        Args:
            told: by the service.
            price: what the shop calls its price, if it is a number on its cards.
        """
        by_kind: dict[Kind, tuple[str, ...]] = {}
        for each in told["card"]:
            kind = Kind(each["kind"])
            by_kind[kind] = (*by_kind.get(kind, ()), each["name"])
        return Shop(
            bundle=told["bundle"],
            categories=by_kind.get(Kind.CATEGORY, ()),
            price=price if price in by_kind.get(Kind.NUMBER, ()) else "",
            texts=by_kind.get(Kind.TEXT, ()),
            pictures=by_kind.get(Kind.IMAGE, ()),
            context={each["name"]: tuple(each["values"]) for each in told["context"]},
            likeness={each["name"]: Kind(kind) if (kind := each["kind"]) else None for each in told["likeness"]},
            select=told["select"],
            leeway={"diversity": told["limits"]["diversity"], "explore": told["limits"]["explore"]},
        )

    def shut(self, name: str) -> str:
        """Why diversity or exploration cannot be turned, a sentence; empty: it can, or nobody knows."""
        return "" if not self.bundle or self.leeway[name] else SHUT[name].format(self.select)
