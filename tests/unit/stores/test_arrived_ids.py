import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from winnow.stores import arrived_ids
from winnow.stores.arrived_ids import ArrivedIds

steps = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 4)), max_size=60)


@settings(max_examples=40)
@given(steps=steps, chunk=st.sampled_from([1, 3, 4096]))
def test_ids_are_known_for_their_time_and_the_last_of_too_many(steps, chunk):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(arrived_ids, "CHUNK", chunk)
        check(steps)


def check(steps):
    ids, slow, now = ArrivedIds(10.0, 8), {}, 0.0
    for number, later in steps:
        now += later
        ids.drop_old(now)
        slow = {name: at for name, at in list(slow.items())[-8:] if now - at < 10.0}
        assert (str(number) in ids) == (str(number) in slow)
        assert len(ids) == len(slow)
        if str(number) not in slow:
            ids.add(str(number), now)
            slow[str(number)] = now
        assert list(ids.frozen()) == list(slow.items())


def test_what_was_frozen_stays_while_ids_come_and_go(monkeypatch):
    monkeypatch.setattr(arrived_ids, "CHUNK", 4)
    ids = ArrivedIds(100.0, 10)
    for number in range(10):
        ids.add(str(number), float(number))
    then = ids.frozen()
    for number in range(10, 30):
        ids.add(str(number), float(number))
        ids.drop_old(float(number))
    assert list(then) == [(str(number), float(number)) for number in range(10)]
    assert list(then) == list(then)
    assert [name for name, _ in ids.frozen()] == [str(number) for number in range(20, 30)]
