"""Cards that are read from their file when they are wanted, and those that came in their place."""

import json

import numpy as np
import pytest

from winnow.pipeline.card_lines import CardLines
from winnow.pipeline.changed_cards import ChangedCards

IDS = ("a", "ü", '"q"', "line\nbreak")
CARDS = [{"title": name, "tags": [name]} for name in IDS]


def opened(folder, cards=CARDS):
    file = folder / "items.jsonl"
    lines = [json.dumps(each, ensure_ascii=False) + "\n" for each in zip(IDS, cards, strict=False)]
    file.write_text("".join(lines), encoding="utf-8")
    return CardLines.open(file)


def test_a_card_is_that_of_its_row_in_any_order_also_when_the_file_is_gone(tmp_path):
    item_ids, cards = opened(tmp_path)
    (tmp_path / "items.jsonl").unlink()
    assert item_ids == IDS
    for row in (2, 0, 3, 1, -1, np.int64(2)):
        assert cards[row] == CARDS[row]
    assert list(cards) == CARDS


@pytest.mark.parametrize("row", [4, -5])
def test_there_are_no_others(tmp_path, row):
    _, cards = opened(tmp_path)
    with pytest.raises(IndexError):
        cards[row]


def test_a_file_without_items_has_no_cards(tmp_path):
    item_ids, cards = opened(tmp_path, [])
    assert (item_ids, len(cards), list(cards)) == ((), 0, [])


def test_changed_cards_are_as_a_list_of_which_places_were_set(tmp_path):
    _, base = opened(tmp_path)
    expected = list(CARDS)
    cards = base
    for rows, size in ([[1, 4], 5], [[4, 0, 6, 5], 7], [[], 7]):
        given = [{"title": f"{row} of {size}"} for row in rows]
        before = (cards, list(cards))
        cards = ChangedCards.of(cards, np.array(rows, np.int64), given, size)
        expected += [{}] * (size - len(expected))
        for row, card in zip(rows, given, strict=True):
            expected[row] = card
        assert list(cards) == [cards[row] for row in range(size)] == expected
        assert cards[-1] == expected[-1]
        assert list(before[0]) == before[1]
    assert cards.base is base
    with pytest.raises(IndexError):
        cards[7]
