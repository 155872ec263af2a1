"""The impressions of a simulated shop, in rows and codes, with what each visit remembered."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from winnow.data.dataset import AT, ITEM, USER
from winnow.data.shop.lexicon import CATEGORIES
from winnow.data.shop.logged_sessions import last_clicks
from winnow.data.shop.outcomes import CART, CLICK, OUTCOMES, PURCHASE
from winnow.data.shop.tables import SESSION
from winnow.data.shop.truth import Truth, device_codes, rows_of
from winnow.data.visitors import visitor_ids
from winnow.schema.column import Array, Bools
from winnow.schema.errors import DataError

IMPRESSIONS = "impressions"
CLICKED = (CLICK, CART, PURCHASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImpressionLog:
    """N impressions by time.

    Attributes:
        visitors: N names, of users or of anonymous sessions.
        users: int64 [N], true user rows.
        known: bool [N], whether the shop knew the user.
        sessions: int64 [N].
        pages: int64 [N], HOME or the category of the page.
        items: int64 [N], rows.
        at: float64 [N], UTC seconds.
        devices: int64 [N], codes.
        positions: uint8 [N], from 1.
        clicked: bool [N].
        clicks: int64 [N, 3], item rows of the last clicks of the visit before the page, -1 where there are fewer.
    """

    visitors: pa.Array
    users: Array
    known: Bools
    sessions: Array
    pages: Array
    items: Array
    at: Array
    devices: Array
    positions: Array
    clicked: Bools
    clicks: Array

    def __len__(self) -> int:
        return len(self.items)

    @classmethod
    def read(cls, shop: Path, truth: Truth) -> "ImpressionLog":
        """All days of the log.

        Raises:
            DataError: the shop has none.
        """
        files = sorted((shop / IMPRESSIONS).glob("*.parquet"))
        if not files:
            raise DataError(f"{shop} holds no {IMPRESSIONS}; simulate it again with logged users.")
        table = pa.concat_tables([pq.read_table(file) for file in files], promote_options="permissive")
        clicked = np.isin(rows_of(table["outcome"], pa.array(list(map(str, OUTCOMES)))), CLICKED)
        items, session = truth.item_rows(table[ITEM]), table[SESSION].to_numpy()
        positions = table["position"].to_numpy()
        visitors = visitor_ids(table[USER], table[SESSION]).combine_chunks()
        return cls(
            visitors=visitors,
            users=truth.user_rows(visitors),
            known=~np.asarray(table[USER].is_null()),
            sessions=session,
            pages=rows_of(table["page"], pa.array(CATEGORIES)),
            items=items,
            at=table[AT].to_numpy(),
            devices=device_codes(table["device_type"]),
            positions=positions,
            clicked=clicked,
            clicks=last_clicks(session, table["page_number"].to_numpy(), positions, items, clicked),
        )

    def take(self, rows: Array) -> "ImpressionLog":
        """The given impressions."""
        arrays = {name: getattr(self, name)[rows] for name in self.__slots__ if name != "visitors"}
        return ImpressionLog(visitors=self.visitors.take(pa.array(rows)), **arrays)
