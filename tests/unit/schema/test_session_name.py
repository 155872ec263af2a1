import pyarrow as pa

from winnow.data.visitors import visitor_ids
from winnow.schema.session_name import is_session, session_name


def test_a_session_goes_by_the_same_name_while_serving_and_in_training():
    named = visitor_ids(pa.array(["ann", None], pa.string()), pa.array(["s1", "s2"])).to_pylist()
    assert named == ["ann", session_name("s2")]
    assert [is_session(name) for name in (*named, "", "sessions")] == [False, True, False, False]
