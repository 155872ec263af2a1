from tests.unit.serving.door.waiting import Waiting
from winnow.serving.door.phase import Phase
from winnow.serving.door.watch import Watch

LIMITS_S = {Phase.HEAD: 10.0, Phase.IDLE: 100.0}


def watch_at(now: list[float]) -> Watch:
    return Watch(lambda: now[0], LIMITS_S)


def test_who_stays_longer_than_the_phase_allows_is_overdue():
    now, first, second, busy = [0.0], Waiting(), Waiting(), Waiting()
    watch = watch_at(now)
    watch.enter(first, Phase.HEAD)
    watch.enter(busy, Phase.ANSWER)
    now[0] = 5
    watch.enter(second, Phase.HEAD)
    now[0] = 10
    assert watch.overdue(9) == [(first, Phase.HEAD)]
    now[0] = 1000
    assert watch.overdue(9) == [(first, Phase.HEAD), (second, Phase.HEAD)]
    assert watch.overdue(1) == [(first, Phase.HEAD)]
    watch.leave(first, Phase.HEAD)
    assert watch.overdue(9) == [(second, Phase.HEAD)]


def test_the_longest_is_who_has_used_most_of_the_time_of_its_phase():
    now, idle, slow = [0.0], Waiting(), Waiting()
    watch = watch_at(now)
    assert watch.longest() is None
    watch.enter(idle, Phase.IDLE)
    now[0] = 30
    watch.enter(slow, Phase.HEAD)
    assert watch.longest() is idle
    now[0] = 35
    assert watch.longest() is slow
