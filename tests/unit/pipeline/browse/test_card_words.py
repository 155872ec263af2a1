import numpy as np
import pytest

from winnow.pipeline.browse import card_words
from winnow.pipeline.browse.card_words import CardWords
from winnow.pipeline.changed_cards import ChangedCards

CARDS = tuple({"title": f"Lamp {row}", "text": "of brass", "picture": f"brasswork-{row}.png"} for row in range(6))
RED = {"title": "Red chair", "text": "of oak", "price": 3.5, "size": None}


class ReadOnce(tuple):
    """Cards that say how often one of them was read."""

    def __new__(cls, cards=CARDS):
        made = super().__new__(cls, cards)
        made.reads = 0
        return made

    def __getitem__(self, row):
        self.reads += 1
        return super().__getitem__(row)

    def __iter__(self):
        return (self[row] for row in range(len(self)))


@pytest.fixture
def cards() -> ReadOnce:
    return ReadOnce()


@pytest.fixture
def words(cards) -> CardWords:
    return CardWords.of(cards, ("picture",))


def with_red(cards, *rows: int) -> ChangedCards:
    size = max(len(cards), *(row + 1 for row in rows))
    return ChangedCards.of(cards, np.array(rows), (RED,) * len(rows), size)


def rows(words: CardWords, query: str) -> list[int]:
    return np.flatnonzero(words.fitting(query)[0]).tolist()


def test_all_texts_of_a_card_are_searched_but_those_that_are_hidden(words):
    assert rows(words, "brass") == [0, 1, 2, 3, 4, 5]
    assert rows(words, "brasswork") == rows(words, "png") == []
    assert rows(words, "lamp 4") == [4]
    assert words.fitting("lamp brass 4")[1].tolist() == [1, 1, 1, 1, 2, 1]


def test_every_card_is_read_once_and_after_a_change_none_but_that(cards, words):
    assert cards.reads == 6
    told = words.told(with_red(cards, 2, 6))
    assert rows(told, "red") == [2, 6]
    assert rows(told, "lamp") == [0, 1, 3, 4, 5]
    assert cards.reads == 6
    again = told.told(with_red(with_red(cards, 2, 6), 0, 7))
    assert rows(again, "red") == [0, 2, 6, 7]
    assert cards.reads == 6


def test_a_change_that_was_read_first_may_change_again(cards):
    words = CardWords.of(with_red(cards, 1), ("picture",))
    assert rows(words, "red") == [1]
    blue = ChangedCards.of(with_red(cards, 1), np.array([1]), ({"title": "Blue"},), 6)
    assert (rows(words.told(blue), "red"), rows(words.told(blue), "blue")) == ([], [1])
    assert rows(words.told(cards), "lamp") == [0, 1, 2, 3, 4, 5]


def test_the_same_cards_are_the_same_words(cards, words):
    assert words.told(cards) is words


def test_many_changes_and_other_cards_are_read_anew(cards, words, monkeypatch):
    monkeypatch.setattr(card_words, "LEAST_ANEW", 1)
    told = words.told(with_red(cards, 0, 1))
    assert (len(told.changed), rows(told, "red"), rows(told, "lamp")) == (0, [0, 1], [2, 3, 4, 5])
    assert rows(words.told(CARDS[:2]), "lamp") == [0, 1]


def test_cards_come_in_pieces_and_there_may_be_none(monkeypatch):
    monkeypatch.setattr(card_words, "AT_ONCE", 4)
    assert rows(CardWords.of(CARDS, ()), "lamp 5") == [5]
    assert CardWords.of(CARDS, ()).fitting("lamp 5")[1].tolist() == [1, 1, 1, 1, 1, 2]
    assert rows(CardWords.of((), ()), "lamp") == []


def test_of_long_cards_and_queries_only_so_much_counts(words):
    long = CardWords.of([{"title": "x " * 600 + "late"}], ())
    assert (rows(long, "x"), rows(long, "late")) == ([0], [])
    assert rows(words, "lamp " * 16 + "nothing") == [0, 1, 2, 3, 4, 5]
    assert words.fitting("")[0].all()
