"""Users of whom all is known that an audit needs, and who must not be asked about."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from winnow.ops.seen_audit.evidence import Had
from winnow.ops.seen_audit.had_rule import HadRule
from winnow.ops.seen_audit.moves import Moves
from winnow.pipeline.requests import Requests
from winnow.schema.column import Array
from winnow.serving.event_log.forgotten_names import ForgottenNames

ON_ITS_WAY = "what they did lately has not come to the event log yet (`winnow worker` brings it)"
FORGOTTEN = "they asked to be forgotten, so that the event log does not know all that they did"
BEYOND = "the state holds events of theirs that the event log does not have"


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedUsers:
    """Some users.

    Attributes:
        requests: B of them, with what the state knows.
        had: by evidence, of each.
    """

    requests: Requests
    had: Sequence[Had]

    def __len__(self) -> int:
        return len(self.had)

    def take(self, places: Sequence[int]) -> "AskedUsers":
        """The given ones only."""
        rows = np.array(places, np.int64)
        return AskedUsers(requests=self.requests.take(rows), had=[self.had[place] for place in places])

    def knows_more(self, rule: HadRule) -> list[bool]:
        """Of each, whether the state knows one by one of an item had of which there is no evidence."""
        rows, types = self.requests.ragged("event_rows"), self.requests.ragged("event_types")
        return [_more(rows.row(user), types.row(user), rule, had) for user, had in enumerate(self.had)]


def _more(rows: Array, types: Array, rule: HadRule, had: Had) -> bool:
    told = rows[rule.counted[types] & (rows >= 0)]
    return not np.isin(told, had.perhaps).all()


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubts:
    """Whom the log does not know well enough to judge a filter by it.

    Attributes:
        rule: what counts as had.
        moves: of all names.
        on_its_way: names of whom something came to the state, and perhaps not to what was read of the log.
        forgotten: whose rows are gone from the log.
    """

    rule: HadRule
    moves: Moves
    on_its_way: Collection[str]
    forgotten: ForgottenNames

    def of(self, users: AskedUsers) -> list[str]:
        """Why each of them is left out; empty for those who are not."""
        marked: list[bool] = users.requests.array("forgotten").tolist()
        rows = zip(users.requests.user_ids, marked, users.knows_more(self.rule), strict=True)
        return [self._of(*each) for each in rows]

    def _of(self, user: str, is_marked: bool, is_beyond: bool) -> str:
        names = self.moves.names_of(user)
        if not names.isdisjoint(self.on_its_way):
            return ON_ITS_WAY
        if is_marked or any(map(self.forgotten.holds, names)):
            return FORGOTTEN
        return BEYOND if is_beyond else ""
