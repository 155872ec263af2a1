"""Which questions a bundle may be asked."""

import pytest

from winnow.data.leave_out import LeaveLastOut
from winnow.data.split import TimeSplit
from winnow.evaluation.check_protocol import check_protocol
from winnow.schema.errors import DataError

CUT, LEFT_OUT = TimeSplit(train_until=1.0, test_until=2.0), LeaveLastOut(events=2)


def test_the_protocol_of_the_split_is_answered() -> None:
    check_protocol(CUT, "time")
    check_protocol(LEFT_OUT, "leave-one-out")


def test_a_bundle_that_saw_last_events_is_not_asked_for_them() -> None:
    with pytest.raises(DataError, match=r"was trained on all events before a cut in time.*'sequential'"):
        check_protocol(CUT, "leave-one-out")


def test_a_bundle_without_a_cut_in_time_is_not_asked_for_what_came_after() -> None:
    with pytest.raises(DataError, match=r"this bundle has none.*'retail'"):
        check_protocol(LEFT_OUT, "time")
