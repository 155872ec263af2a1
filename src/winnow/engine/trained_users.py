"""What training knew of users."""

from dataclasses import dataclass

from winnow.features.fitted import FittedFeatures
from winnow.stores.event_log import EventLog
from winnow.stores.user_table import UserTable
from winnow.stores.user_vectors import UserVectors


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainedUsers:
    """All of a bundle's files that goes by user, for people to read.

    Attributes:
        past: events that training read.
        table: features of the users that the shop described.
        fitted: made them.
        learned: what it learned of single users, such as their tastes.
    """

    past: EventLog
    table: UserTable
    fitted: FittedFeatures
    learned: tuple[UserVectors, ...] = ()

    def knows(self, name: str) -> bool:
        """Whether the bundle holds anything of a user."""
        return any(name in each.rows for each in (self.past, self.table, *self.learned))

    def events(self, name: str) -> int:
        """How many events of a user training read."""
        return self.past.count(name)
