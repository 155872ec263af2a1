"""What was said of items over HTTP, to all services that kept their state in a folder."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from winnow.schema.errors import DataError
from winnow.serving.items.item_change import ItemChange, read_changes, remember
from winnow.serving.items.item_log import LOG_FILE, PICTURES, old_changes, old_logs
from winnow.serving.items.picture_store import PictureStore


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemChanges:
    """The last word on each item.

    Attributes:
        given: the last values of each item that ever had some, by id, in the order in which they came; also of items
            that were withdrawn later, for events may name them.
        withdrawn: ids of items that were withdrawn last.
        pictures: that the values refer to.
    """

    given: Mapping[str, ItemChange]
    withdrawn: frozenset[str]
    pictures: PictureStore

    @staticmethod
    def read(state: Path) -> "ItemChanges":
        """Reads the log, after those of older programs; later changes win.

        A service may be running: nothing is written, and half a last line is passed over.

        Raises:
            DataError: there is no log, or one is damaged before its last line.
        """
        log = state / LOG_FILE
        if not log.is_file() and not old_logs(state):
            raise DataError(
                f"There is no item log ({LOG_FILE}) in {state}; give the state folder of a service (WINNOW_STATE)."
            )
        changes = read_changes(log.read_bytes(), log)[0] if log.is_file() else []
        given, withdrawn = dict[str, ItemChange](), set[str]()
        for change in (*old_changes(state), *changes):
            if change.values is None:
                withdrawn.add(change.item_id)
                continue
            withdrawn.discard(change.item_id)
            remember(given, change)
        return ItemChanges(given=given, withdrawn=frozenset(withdrawn), pictures=PictureStore(folder=state / PICTURES))
