from winnow.ops.seen_audit.moves import Moves

MERGES = [("session:1", "ann", 100.0, 101.0), ("ann", "bob", 300.0, 300.0), ("session:1", "cid", 500.0, 500.5)]


def test_without_any_move_an_event_stays_where_it_was():
    assert Moves.of([], []).holder("ann", 5.0) == "ann"


def test_a_login_takes_along_what_was_there_and_only_that():
    moves = Moves.of(MERGES[:1], [])
    assert [moves.holder("session:1", at) for at in (5.0, 200.0)] == ["ann", "session:1"]
    assert moves.holder("ann", 5.0) == "ann"


def test_logins_lead_on_from_name_to_name_each_to_its_own():
    moves = Moves.of(MERGES, [])
    assert [moves.holder("session:1", at) for at in (5.0, 200.0, 600.0)] == ["bob", "cid", "session:1"]
    assert [moves.holder("ann", at) for at in (5.0, 400.0)] == ["bob", "ann"]


def test_close_to_a_login_nobody_knows():
    moves = Moves.of(MERGES[:1], [])
    assert [moves.holder("session:1", at) for at in (89.0, 95.0, 100.5, 110.0, 112.0)] == [
        "ann",
        None,
        None,
        None,
        "session:1",
    ]


def test_a_reset_ends_what_came_before_it_wherever_it_came_from():
    moves = Moves.of(MERGES[:1], [("ann", 150.0), ("session:1", 50.0)])
    assert [moves.holder("ann", at) for at in (5.0, 150.0, 151.0)] == [None, None, "ann"]
    assert [moves.holder("session:1", at) for at in (5.0, 60.0, 200.0)] == [None, None, "session:1"]
    earlier = Moves.of(MERGES[:1], [("ann", 20.0)])
    assert earlier.holder("session:1", 5.0) == "ann"


def test_two_names_that_became_one_another_in_turn_come_to_an_end():
    moves = Moves.of([("a", "b", 100.0, 100.0), ("b", "a", 200.0, 200.0)], [])
    assert [moves.holder("a", 5.0), moves.holder("b", 5.0)] == ["a", "a"]
    assert moves.names_of("a") == moves.names_of("b") == {"a", "b"}


def test_all_who_may_have_become_somebody_are_known():
    moves = Moves.of(MERGES, [])
    assert moves.names_of("bob") == {"bob", "ann", "session:1"}
    assert moves.names_of("cid") == {"cid", "session:1"}
    assert moves.names_of("zoe") == {"zoe"}
