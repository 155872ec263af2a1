"""What was said of items over HTTP, to all services that kept their state in a folder."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from winnow.schema.errors import DataError
from winnow.serving.item_change import ItemChange, read_changes
from winnow.serving.item_log import LOG_FILES, PICTURES
from winnow.serving.picture_store import PictureStore


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
        """Reads the logs of all bundles, oldest file first; later changes win.

        A service may be running: nothing is written, and half a last line is passed over.

        Raises:
            DataError: there is no log, or one is damaged before its last line.
        """
        logs = sorted(state.glob(LOG_FILES), key=lambda path: (path.stat().st_mtime_ns, path.name))
        if not logs:
            raise DataError(
                f"There is no item log ({LOG_FILES}) in {state}; give the state folder of a service (WINNOW_STATE)."
            )
        given, withdrawn = dict[str, ItemChange](), set[str]()
        for change in (change for log in logs for change in read_changes(log.read_bytes(), log)[0]):
            if change.values is None:
                withdrawn.add(change.item_id)
                continue
            withdrawn.discard(change.item_id)
            given.pop(change.item_id, None)
            given[change.item_id] = change
        return ItemChanges(given=given, withdrawn=frozenset(withdrawn), pictures=PictureStore(folder=state / PICTURES))
