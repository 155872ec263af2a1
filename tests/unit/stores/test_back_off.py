from winnow.stores.back_off import BackOff


class Clock:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


def test_nobody_waits_before_anything_failed():
    back_off = BackOff(0.25, Clock())
    assert back_off.left_s() == back_off.left_s() == 0.0


def test_after_a_failure_nobody_tries_for_a_while():
    clock = Clock()
    back_off = BackOff(0.25, clock)
    back_off.failed()
    clock.now += 0.0625
    assert back_off.left_s() == 0.1875
    clock.now += 0.1875
    assert back_off.left_s() == 0.0


def test_then_one_tries_and_the_others_wait_for_it():
    clock = Clock()
    back_off = BackOff(0.25, clock)
    back_off.failed()
    clock.now += 0.25
    assert [back_off.left_s() for _ in range(3)] == [0.0, 0.25, 0.25]
    back_off.succeeded()
    assert [back_off.left_s() for _ in range(3)] == [0.0, 0.0, 0.0]


def test_each_trial_that_fails_doubles_the_wait_up_to_a_second_and_success_begins_anew():
    clock = Clock()
    back_off = BackOff(0.25, clock)
    back_off.failed()
    back_off.failed()  # of one who was on the way already
    for wait_s in (0.25, 0.5, 1.0, 1.0):
        assert back_off.left_s() == wait_s
        clock.now += wait_s
        assert back_off.left_s() == 0.0
        clock.now += 0.125
        back_off.failed()
    clock.now += 1.0
    assert back_off.left_s() == 0.0
    back_off.succeeded()
    back_off.failed()
    assert back_off.left_s() == 0.25
