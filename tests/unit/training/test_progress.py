"""What is told of work, and when."""

from winnow.training.progress import counted, one_step


def test_steps_are_told_as_they_are_done_beginning_with_none():
    told = []
    advance = counted(lambda *each: told.append(each), "Counting", 5)
    assert told == [("Counting", 0, 5)]
    advance(2)
    advance(3)
    assert told[1:] == [("Counting", 2, 5), ("Counting", 5, 5)]


def test_one_step_is_told_before_and_after():
    told = []
    with one_step(lambda *each: told.append(each), "Waiting"):
        assert told == [("Waiting", 0, 1)]
    assert told[1:] == [("Waiting", 1, 1)]
