import pytest

from tests.unit.serving.said_of_item import said
from winnow.schema.errors import DataError
from winnow.serving.items.item_change import kept_change, last_changes, read_changes


def changes_of(*told):
    return [said(*each) for each in told]


def test_lines_are_read_as_they_were_written(tmp_path):
    changes = changes_of(("a", {"title": "line\nbreak", "picture": {"sha256": "ab"}}), ("b", None))
    content = b"".join(change.line() for change in changes)
    assert read_changes(content, tmp_path) == (changes, len(content))


def test_what_is_torn_at_the_end_is_passed_over(tmp_path):
    first, second = (change.line() for change in changes_of(("a", {}), ("b", {})))
    for cut in range(len(second)):
        assert read_changes(first + second[:cut], tmp_path) == (changes_of(("a", {})), len(first))
    with pytest.raises(DataError, match=r"Line 1 of .* is damaged"):
        read_changes(first[:-2] + b"\n" + second, tmp_path)


def test_pictures_go_where_they_are_kept_and_come_back():
    kept = {}

    def keep(content):
        kept[f"name of {content!r}"] = content
        return f"name of {content!r}"

    values = {"picture": b"one", "title": "A", "price": None}
    change = kept_change(said("a", values), keep)
    assert change.values == {**values, "picture": {"sha256": "name of b'one'"}}
    assert change.pictures == {"picture": "name of b'one'"}
    assert change.with_pictures(kept.__getitem__) == values
    assert kept_change(said("a", None), keep) == said("a", None)


def test_the_last_word_counts_in_the_order_of_last_words():
    told = changes_of(("a", {}), ("b", {"title": "B"}), ("a", None))
    assert list(last_changes(told).items()) == [("b", told[1]), ("a", told[2])]
