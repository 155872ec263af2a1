from winnow.serving.event_log.feature_push import FeaturePush
from winnow.stores.log_entry import FORGET, MERGE, LogEntry


def entry(number, **told):
    return LogEntry(stream="s00", place=(number, 0), arrived_at=0.0, told=told)


class Store:
    def __init__(self):
        self.told = []

    def forget(self, names):
        raise AssertionError(f"{names} are not forgotten here")

    def push(self, user_ids, columns, at):
        self.told.append((user_ids, columns, at))


def pushed(*entries, idle=()):
    store = Store()
    read = lambda users, at: {"top": [None if user in idle else f"{user} at {at}" for user in users]}  # noqa: E731
    FeaturePush(read=read, store=store, clock=lambda: 7.0)(entries)
    return store.told


def test_everybody_who_is_named_is_read_once_as_of_one_instant():
    told = pushed(
        entry(1, user_id="ann", item_id="x"),
        entry(2, kind=MERGE, source="session:1", target="ann"),
        entry(3, kind=FORGET, user_id="bob"),
        entry(4, user_id="ann", item_id="y"),
    )
    users = ["ann", "session:1", "bob"]
    assert told == [(users, {"top": [f"{user} at 7.0" for user in users]}, 7.0)]


def test_who_was_forgotten_is_told_of_again_only_once_they_did_something():
    entries = [entry(1, user_id="ann"), entry(2, kind=FORGET, user_id="bob"), entry(3, kind=FORGET, user_id="cid")]
    told = pushed(*entries, idle=("ann", "cid"))
    assert told == [(["ann", "bob"], {"top": [None, "bob at 7.0"]}, 7.0)]
    assert pushed(entries[2], idle=("cid",)) == []


def test_nobody_is_read_where_nobody_is_named():
    assert pushed(entry(1, kind="invented", what="ever"), entry(2, user_id="")) == []
