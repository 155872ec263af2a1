from dataclasses import replace

import numpy as np
import pytest

from winnow.pipeline.browse import card_words
from winnow.pipeline.browse.card_words import CardWords

CARDS = tuple({"title": f"Lamp {row}", "text": "of brass", "picture": f"brasswork-{row}.png"} for row in range(6))
RED = {"title": "Red chair", "text": "of oak", "price": 3.5, "size": None}
TITLE = {"title": "Red chair"}


@pytest.fixture
def words() -> CardWords:
    return CardWords.of(CARDS, ("picture",))


def rows(words: CardWords, query: str) -> list[int]:
    return np.flatnonzero(words.fitting(query)[0]).tolist()


def test_all_texts_of_a_card_are_searched_but_those_that_are_hidden(words):
    assert rows(words, "brass") == [0, 1, 2, 3, 4, 5]
    assert rows(words, "brasswork") == rows(words, "png") == []
    assert rows(words, "lamp 4") == [4]
    assert words.fitting("lamp brass 4")[1].tolist() == [1, 1, 1, 1, 2, 1]


def test_cards_that_changed_are_read_again_and_no_others(words, monkeypatch):
    monkeypatch.setattr(card_words, "_text", lambda card, hidden: "red chair" if card in (RED, TITLE) else "read again")
    told = words.told((*CARDS[:2], RED, *CARDS[3:], RED))
    assert rows(told, "red") == [2, 6]
    assert rows(told, "lamp") == [0, 1, 3, 4, 5]
    assert rows(told, "again") == []
    assert rows(told.told(CARDS), "lamp") == [0, 1, 2, 3, 4, 5]


def test_the_same_cards_are_the_same_words(words):
    assert words.told(CARDS) is words


def test_many_changes_and_fewer_cards_are_read_anew(words, monkeypatch):
    monkeypatch.setattr(card_words, "LEAST_ANEW", 1)
    told = words.told((RED, RED, *CARDS[2:]))
    assert (len(told.changed), rows(told, "red"), rows(told, "lamp")) == (0, [0, 1], [2, 3, 4, 5])
    assert rows(words.told(CARDS[:2]), "lamp") == [0, 1]


def test_cards_come_in_pieces_and_there_may_be_none(monkeypatch):
    monkeypatch.setattr(card_words, "AT_ONCE", 4)
    assert rows(CardWords.of(CARDS, ()), "lamp") == [0, 1, 2, 3, 4, 5]
    assert rows(CardWords.of((), ()), "lamp") == []


def test_of_long_cards_and_queries_only_so_much_counts(words):
    long = CardWords.of([{"title": "x " * 600 + "late"}], ())
    assert (rows(long, "x"), rows(long, "late")) == ([0], [])
    assert rows(words, "lamp " * 16 + "nothing") == [0, 1, 2, 3, 4, 5]
    assert replace(words).fitting("")[0].all()
