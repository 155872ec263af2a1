import pytest

from winnow.schema.schema import EventType
from winnow.stores.counted_types import counted_types


def test_each_event_type_counts_or_does_not():
    counted = counted_types(["purchase", EventType.VIEW])
    assert [str(each) for each, counts in zip(EventType, counted, strict=True) if counts] == ["view", "purchase"]


def test_a_word_that_is_no_event_type_is_refused():
    with pytest.raises(ValueError, match="sneeze"):
        counted_types(["sneeze"])
