from tests.unit.pipeline.tables import items, ragged_of, requests_of
from winnow.pipeline.sources.own_source import OwnSource


def test_what_was_had_most_often_comes_first_and_among_equals_the_latest():
    columns = {"had": ragged_of([[7, 3, 5], [], [1]]), "had_times": ragged_of([[1, 4, 1], [], [2]])}
    found = OwnSource().retrieve(requests_of(["a", "b", "c"], columns=columns), 2)
    assert items(found) == [[3, 7], [], [1]]
    assert found.array("score").tolist() == [4, 1, 2]
