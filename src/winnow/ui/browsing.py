"""Where a visitor is in the catalogue."""

from dataclasses import dataclass

from winnow.api.catalogue import CatalogueRequest
from winnow.api.limits import MAX_ID_CHARS, MAX_QUERY_CHARS
from winnow.ui.address_number import NUMBERS, PAGE, Pairs
from winnow.ui.visit import Visit

ON_A_PAGE = 24
QUERY, SORT = "q", "sort"


@dataclass(frozen=True, slots=True, kw_only=True)
class Browsing:
    """What the catalogue's address says besides the visit, which holds the filters.

    Attributes:
        query: words.
        sort: as the service takes it; empty: what fits best.
        page: from 1.
    """

    query: str = ""
    sort: str = ""
    page: int = 1

    @staticmethod
    def read(pairs: Pairs) -> "Browsing":
        """Out of an address's query; what makes no sense counts as not said."""
        said = dict(pairs)
        return Browsing(
            query=said.get(QUERY, "")[:MAX_QUERY_CHARS],
            sort=said.get(SORT, "")[:MAX_ID_CHARS],
            page=NUMBERS[PAGE].whole(said.get(PAGE)) or 1,
        )

    def pairs(self) -> list[tuple[str, str]]:
        """As `read` reads them; only what was said."""
        told = ((QUERY, self.query), (SORT, self.sort), (PAGE, f"{self.page}" if self.page > 1 else ""))
        return [(name, value) for name, value in told if value]

    def request(self, visit: Visit) -> CatalogueRequest:
        """What the service is asked for."""
        return CatalogueRequest(
            query=self.query,
            filters=dict(visit.filters),
            sort=self.sort,
            offset=(self.page - 1) * ON_A_PAGE,
            limit=ON_A_PAGE,
        )
