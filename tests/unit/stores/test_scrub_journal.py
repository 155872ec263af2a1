"""What was forgotten leaves the segments, and nothing else moves."""

from pathlib import Path
from tempfile import TemporaryDirectory

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.stores.journal_day import DAY_S, KEEP_S, NOON, appended, cut_and_kept, forgotten, names, opened, segment
from winnow.stores import scrub_journal
from winnow.stores.event import Event
from winnow.stores.journal_line import content_of, operation_of
from winnow.stores.settled_marks import SettledMarks
from winnow.stores.state_operation import EventsAppended, NamesMerged, UserReset


def merged(source, target):
    return NamesMerged(at=NOON, source=source, target=target)


def tidied(folder, *segments):
    """A journal of some segments, all of which a snapshot stands for, and which was tidied up."""
    with opened(folder) as (journal, _):
        for operations in segments:
            for operation in operations:
                journal.append(operation)
            journal.cut()
        cut_and_kept(journal)
        journal.tidy()


def lines(folder):
    return [
        (path.name, line) for path in sorted(folder.glob("events-*.log")) for line in path.read_bytes().splitlines(True)
    ]


def told(folder):
    """Of each line that is left, what it says, without the events of nobody."""
    operations = [operation_of(content_of(line) or b"") for _, line in lines(folder)]
    return [
        [event.event_id for event in each.events] if isinstance(each, EventsAppended) else each for each in operations
    ]


def test_the_events_of_who_was_forgotten_go_and_what_came_later_stays(tmp_path):
    both = EventsAppended(at=NOON, events=(*appended("a2").events, *appended("b1", user="bob").events))
    segments = [[appended("a1"), both], [appended("b2", user="bob"), forgotten("ann"), appended("a3")]]
    tidied(tmp_path, *segments)
    assert told(tmp_path) == [[], ["b1"], ["b2"], forgotten("ann"), ["a3"]]


def test_what_a_session_did_before_it_became_the_users_goes_too(tmp_path):
    session = [appended("s1", user="session:1"), merged("session:1", "ann"), appended("s2", user="session:1")]
    tidied(tmp_path, [merged("session:0", "bob"), appended("b", user="bob")], session, [forgotten("ann")])
    assert told(tmp_path)[:2] == [merged("session:0", "bob"), ["b"]]
    assert told(tmp_path)[2:] == [[], merged("session:1", "ann"), ["s2"], forgotten("ann")]


def test_what_one_was_before_two_logins_goes_and_a_login_after_it_takes_nothing(tmp_path):
    tidied(
        tmp_path,
        [appended("s", user="s"), merged("s", "t"), appended("t", user="t"), merged("t", "ann"), forgotten("ann")],
        [appended("u", user="u"), merged("u", "ann")],
    )
    assert told(tmp_path)[:1] + told(tmp_path)[2:3] + told(tmp_path)[5:6] == [[], [], ["u"]]


def test_every_line_stays_where_it_was_and_as_long(tmp_path):
    with opened(tmp_path / "other") as (journal, _):
        for number in range(3):
            journal.append(appended(str(number), user=["ann", "bob"][number % 2]))
        journal.append(forgotten("ann"))
        journal.append(UserReset(at=NOON, user_id="ann"))
        journal.cut()
        before = lines(tmp_path / "other")
        cut_and_kept(journal)
        journal.tidy()
    after = lines(tmp_path / "other")
    assert [(name, len(line)) for name, line in after] == [(name, len(line)) for name, line in before]
    assert [new == old for (_, new), (_, old) in zip(after, before, strict=True)] == [False, True, False, True, True]


def test_only_segments_that_a_snapshot_stands_for_are_written_anew(tmp_path):
    with opened(tmp_path) as (journal, _):
        journal.append(appended("a1"))
        cut_and_kept(journal)
        journal.append(appended("a2"))
        journal.append(forgotten("ann"))
        journal.tidy()
        assert told(tmp_path) == [["a1"], ["a2"], forgotten("ann")]
        cut_and_kept(journal)
        journal.tidy()
    assert told(tmp_path) == [[], [], forgotten("ann")]


def test_who_was_forgotten_is_heard_of_once_and_again_where_that_is_not_known(tmp_path, monkeypatch):
    tidied(tmp_path, [appended("a1"), forgotten("ann")])
    looked_at = []
    real = scrub_journal._lines
    monkeypatch.setattr(scrub_journal, "_lines", lambda path, words: looked_at.append(path.name) or real(path, words))
    with opened(tmp_path) as (journal, _):
        journal.append(appended("a2"))
        cut_and_kept(journal)
        journal.tidy()
        assert set(looked_at) == {segment(2)}
        (tmp_path / "events.scrubbed").write_text("")
        looked_at.clear()
        journal.tidy()
        assert {segment(1), segment(2)} <= set(looked_at)
    assert told(tmp_path) == [[], forgotten("ann"), ["a2"]]


@pytest.mark.parametrize("few", [0, 30])
@pytest.mark.parametrize("block", [1, 64, 1 << 20])
def test_blocks_of_any_size_and_names_of_any_number_are_the_same(tmp_path, monkeypatch, few, block):
    monkeypatch.setattr(scrub_journal, "FEW", few)
    monkeypatch.setattr(scrub_journal, "BLOCK_BYTES", block)
    odd = 'ünal "forget",\n'
    tidied(tmp_path, [appended("a", user=odd), appended("b", user="forget"), forgotten(odd), appended("c", user=odd)])
    assert told(tmp_path) == [[], ["b"], forgotten(odd), ["c"]]


who = st.sampled_from(["ann", "bob", "s", "t"])
drawn_steps = st.lists(
    st.one_of(
        st.tuples(st.just("append"), who, who),
        st.tuples(st.just("merge"), who, who),
        st.tuples(st.just("forget"), who),
        st.tuples(st.just("tidy")),
    ),
    max_size=15,
)


@settings(max_examples=40)
@given(steps=drawn_steps)
def test_what_goes_is_what_those_ever_had_who_were_forgotten(steps):
    """A slow model: whose each event is and was, and which of them were forgotten."""
    owners, gone, number = dict[str, list[str]](), set[str](), 0
    with TemporaryDirectory() as name, opened(folder := Path(name)) as (journal, _):
        for step, *people in steps:
            if step == "append":
                made = tuple(
                    Event(event_id=f"e{number + n}", user_id=each, item_id="pen", type="view", at=NOON)
                    for n, each in enumerate(people)
                )
                owners.update((event.event_id, [event.user_id]) for event in made)
                journal.append(EventsAppended(at=NOON, events=made))
                number += 2
            elif step == "merge" and people[0] != people[1]:
                journal.append(merged(*people))
                owners = {each: [*of, people[1]] if of[-1] == people[0] else of for each, of in owners.items()}
            elif step == "forget":
                journal.append(forgotten(*people))
                gone |= {each for each, of in owners.items() if people[0] in of}
            elif step == "tidy":
                cut_and_kept(journal)
                journal.tidy()
        cut_and_kept(journal)
        journal.tidy()
        left = {each for ids in told(folder) if isinstance(ids, list) for each in ids}
    assert left == owners.keys() - gone


def test_segments_go_when_every_reader_has_them_elsewhere_and_only_behind_a_snapshot(tmp_path):
    marks = SettledMarks(journal=tmp_path)
    with opened(tmp_path) as (journal, _):
        for number in range(4):
            journal.append(appended(str(number)))
            journal.cut()
        for reader, first in (("one", 9), ("two", 2)):
            marks.keep(reader, first)
        journal.tidy()
        assert segment(1) in names(tmp_path), "no snapshot stands for it"
        cut_and_kept(journal)
        journal.tidy()
        assert [name for name in names(tmp_path) if name.endswith(".log")] == [segment(n) for n in (2, 3, 4, 5)]
        marks.keep("two", 9)
        journal.append(appended("4"))
        journal.tidy()
        assert [name for name in names(tmp_path) if name.endswith(".log")] == [segment(5)]


def test_without_a_reader_segments_stay_for_thirty_days(tmp_path):
    now = NOON
    with opened(tmp_path, lambda: now) as (journal, _):
        for day in range(40):
            now = NOON + day * DAY_S
            journal.append(appended(str(day), at=now))
            if day == 20:
                cut_and_kept(journal)
        journal.tidy()
        left = [name for name in names(tmp_path) if name.endswith(".log")]
        assert left[0] == segment(int(40 - KEEP_S // DAY_S))
        assert told(tmp_path)[0] == ["9"], "it ended with the first of the day after"


def test_a_mark_that_cannot_be_read_or_written_keeps_all(tmp_path, caplog):
    marks = SettledMarks(journal=tmp_path)
    assert marks.first_needed() == 0
    marks.keep("one", 7)
    assert marks.first_needed() == 7
    (tmp_path / "events-settled.two").write_bytes(b"")
    assert marks.first_needed() == 0
    (tmp_path / ".events-settled.one.tmp").mkdir()
    marks.keep("one", 9)
    assert "The journal keeps its segments for 30 days" in caplog.text
    assert (tmp_path / "events-settled.one").read_bytes() == b"7"


def test_a_segment_that_was_damaged_meanwhile_is_left_as_it_is(tmp_path):
    with opened(tmp_path) as (journal, _):
        journal.append(appended("a1"))
        journal.append(appended("a2"))
        journal.cut()
        path = tmp_path / segment(1)
        path.write_bytes(path.read_bytes().replace(b"a1", b"X1"))
        journal.append(forgotten("ann"))
        cut_and_kept(journal)
        journal.tidy()
    first, second = path.read_bytes().splitlines()
    assert b"X1" in first
    assert orjson.loads(second[9:])[3] == []
