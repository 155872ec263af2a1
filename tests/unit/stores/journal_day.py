"""A journal on a day whose clock stands still unless it is moved."""

from contextlib import contextmanager

from winnow.stores.event import Event
from winnow.stores.event_journal import EventJournal
from winnow.stores.state_operation import EventsAppended, UserForgotten

DAY_S = 86_400.0
NOON = 20_000 * DAY_S + DAY_S / 2
KEEP_S = 30 * DAY_S


def appended(*event_ids, at=NOON, user="ann"):
    events = tuple(Event(event_id=each, user_id=user, item_id="pen", type="view", at=at) for each in event_ids)
    return EventsAppended(at=at, events=events)


def forgotten(user="ann", at=NOON):
    return UserForgotten(at=at, user_id=user)


@contextmanager
def opened(folder, now=NOON, **settings):
    """A journal that is ready, and what it replayed."""
    journal = EventJournal.open(folder, KEEP_S, clock=now if callable(now) else lambda: now, **settings)
    try:
        yield journal, list(journal.replay())
    finally:
        journal.close()


def written(folder, *operations, now=NOON):
    with opened(folder, now) as (journal, _):
        for operation in operations:
            journal.append(operation)


def replayed(folder, now=NOON):
    with opened(folder, now) as (_, operations):
        return operations


def names(folder):
    return sorted(path.name for path in folder.iterdir() if path.name not in {"events.lock", "events.scrubbed"})


def segment(number):
    return f"events-{number:06d}.log"


def cut_and_kept(journal, content="state"):
    journal.snapshot(journal.cut(), lambda path: path.write_text(content))
