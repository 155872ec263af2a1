from winnow.serving.event_log.feature_push import FeaturePush, names_of
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


def pushed(*names, gone=(), idle=()):
    store = Store()
    read = lambda users, at: {"top": [None if user in idle else f"{user} at {at}" for user in users]}  # noqa: E731
    FeaturePush(read=read, store=store, clock=lambda: 7.0)(names, gone)
    return store.told


def test_everybody_who_is_named_is_read_once_as_of_one_instant():
    named = names_of(
        [
            entry(1, user_id="ann", item_id="x"),
            entry(2, kind=MERGE, source="session:1", target="ann"),
            entry(3, kind=FORGET, user_id="bob"),
            entry(4, user_id="ann", item_id="y"),
            entry(5, kind="invented", what="ever"),
            entry(6, user_id=""),
        ]
    )
    assert named == ["ann", "session:1", "bob"]
    assert pushed(*named) == [(named, {"top": [f"{user} at 7.0" for user in named]}, 7.0)]


def test_who_was_forgotten_is_told_of_again_only_once_they_did_something():
    told = pushed("ann", "bob", "cid", gone={"bob", "cid"}, idle=("ann", "cid"))
    assert told == [(["ann", "bob"], {"top": [None, "bob at 7.0"]}, 7.0)]
    assert pushed("cid", gone={"cid"}, idle=("cid",)) == []


def test_nobody_is_read_where_nobody_is_named():
    assert pushed() == []
