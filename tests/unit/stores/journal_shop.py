"""The least that a store does with a journal: it knows the ids of events, and says so in snapshots."""

import json
from dataclasses import dataclass, field

from tests.unit.stores.journal_day import KEEP_S, NOON, appended
from winnow.stores.event_journal import EventJournal


@dataclass
class JournalShop:
    """Events whose ids are the numbers from 0; `known` are those that it was told, by itself or by its journal."""

    journal: EventJournal
    known: list[int] = field(default_factory=list)

    @staticmethod
    def open(folder, sync="write"):
        journal = EventJournal.open(folder, KEEP_S, clock=lambda: NOON, sync=sync)
        shop = JournalShop(journal)
        if journal.snapshot_path:
            content = journal.snapshot_path
            shop.known += json.loads((content / "known" if content.is_dir() else content).read_text())
        for operation in journal.replay():
            shop.known += [int(event.event_id) for event in operation.events]
        return shop

    def append(self, count):
        """Takes the next `count` events."""
        numbers = range(len(self.known), len(self.known) + count)
        self.journal.append(appended(*map(str, numbers)))
        self.known += numbers

    def snapshot(self, *, as_folder):
        def write(path):
            if as_folder:
                path.mkdir()
            (path / "known" if as_folder else path).write_text(json.dumps(self.known))

        self.journal.snapshot(self.journal.cut(), write)
        self.journal.tidy()


def known_to(folder):
    """What a shop knows that is opened in a folder."""
    shop = JournalShop.open(folder)
    shop.journal.close()
    return shop.known
