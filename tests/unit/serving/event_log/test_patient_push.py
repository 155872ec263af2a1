"""What a silent feature store missed is made up for, by whatever process comes next."""

import pytest

from tests.unit.serving.event_log.test_feature_push import entry
from winnow.schema.errors import DataError, Unavailable
from winnow.serving.event_log.event_folder import prepare_folder
from winnow.serving.event_log.feature_push import FeaturePush
from winnow.serving.event_log.forget_logged import forget_logged
from winnow.serving.event_log.forgotten_names import FILE_NAME as FORGOTTEN
from winnow.serving.event_log.forgotten_names import ForgottenNames
from winnow.serving.event_log.owed_features import FILE_NAME
from winnow.serving.event_log.patient_push import PatientPush
from winnow.stores.back_off import BackOff


class Store:
    """Says what it was told, while it answers."""

    def __init__(self):
        self.told, self.answers = [], True

    def forget(self, names):
        self._note("forget", names)

    def push(self, user_ids, columns, at):
        self._note("push", {name: columns["top"][place] for place, name in enumerate(user_ids)})

    def _note(self, *said):
        if not self.answers:
            raise Unavailable("It is down.")
        self.told.append(said)


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


class Bench:
    def __init__(self, folder):
        self.folder, self.store, self.clock, self.idle = folder, Store(), Clock(), set()
        self.begin()

    def begin(self):
        """A worker, as after a crash of the one before."""
        read = lambda users, _: {"top": [None if user in self.idle else "shoes" for user in users]}  # noqa: E731
        back_off = BackOff(10.0, self.clock)
        self.push = PatientPush(push=FeaturePush(read=read, store=self.store), folder=self.folder, back_off=back_off)

    def act(self, *names):
        self.push.publish([entry(number, user_id=name) for number, name in enumerate(names)])

    def wait(self, seconds=10.0):
        self.clock.now += seconds
        self.push.catch_up()


@pytest.fixture
def bench(tmp_path):
    return Bench(tmp_path)


def test_a_store_that_answers_is_told_at_once_and_nothing_is_owed(bench):
    bench.act("ann", "bob", "ann")
    bench.push.forget({"cid": 5.0})
    bench.wait()
    assert bench.store.told == [("push", {"ann": "shoes", "bob": "shoes"}), ("forget", {"cid": 5.0})]
    assert not (bench.folder / FILE_NAME).exists()


def test_what_a_silent_store_missed_is_told_by_the_next_worker_and_once(bench):
    bench.store.answers = False
    bench.act("ann")
    bench.push.forget({"cid": 5.0})
    bench.act("bob")
    bench.begin()
    bench.wait()
    assert bench.store.told == []
    bench.store.answers = True
    bench.wait()
    assert bench.store.told == [("forget", {"cid": 5.0}), ("push", {"ann": "shoes", "bob": "shoes"})]
    bench.wait()
    assert len(bench.store.told) == 2
    assert not (bench.folder / FILE_NAME).exists()


def test_a_silent_store_is_left_alone_for_a_while_and_complained_of_once(bench, caplog):
    bench.store.answers = False
    bench.act("ann")
    bench.store.answers = True
    bench.act("bob")
    bench.wait(9.0)
    assert bench.store.told == []
    bench.wait(1.0)
    assert bench.store.told == [("push", {"ann": "shoes", "bob": "shoes"})]
    assert caplog.text.count("It is down.") == 1


def test_nobody_is_told_of_who_was_forgotten_since(bench):
    bench.store.answers = False
    bench.act("ann", "bob", "cid", "dan")
    bench.push.forget({"bob": 5.0})
    names = ForgottenNames().with_names({"cid": 5.0, "dan": 5.0})
    (bench.folder / FORGOTTEN).write_bytes(names.content())
    bench.idle |= {"bob", "cid"}
    bench.store.answers = True
    bench.wait()
    assert bench.store.told == [("forget", {"bob": 5.0}), ("push", {"ann": "shoes", "dan": "shoes"})]


def test_a_forgotten_name_goes_by_its_last_instant(bench):
    bench.store.answers = False
    for at in (5.0, 9.0, 7.0):
        bench.push.forget({"bob": at})
    bench.store.answers = True
    bench.wait()
    assert bench.store.told == [("forget", {"bob": 9.0})]


def test_a_note_that_cannot_be_kept_holds_the_log_back(bench, monkeypatch):
    monkeypatch.setattr(
        "winnow.serving.event_log.owed_features.staged", lambda *_: (_ for _ in ()).throw(OSError(28, "full"))
    )
    with pytest.raises(Unavailable, match=r"cannot be noted in .*: full"):
        bench.act("ann")
    assert bench.store.told == []


@pytest.mark.parametrize("content", [b"", b"[]", b'{"changed": []}', b"7"])
def test_a_damaged_note_is_said(bench, content):
    (bench.folder / FILE_NAME).write_bytes(content)
    with pytest.raises(DataError, match="is damaged"):
        bench.push.catch_up()


def test_the_command_that_forgets_somebody_takes_them_out_of_the_note(bench):
    prepare_folder(bench.folder)
    bench.store.answers = False
    bench.act("ann", "bob")
    bench.push.forget({"cid": 5.0})
    forget_logged(bench.folder, {"bob": 7.0})
    assert b"bob" not in (bench.folder / FILE_NAME).read_bytes()
    bench.store.answers = True
    bench.wait()
    assert bench.store.told == [("forget", {"cid": 5.0}), ("push", {"ann": "shoes"})]
