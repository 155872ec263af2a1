"""The words on the cards of a catalogue, searched."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from winnow.index.word_index import WordIndex, plain_words
from winnow.pipeline.cards import Cards
from winnow.schema.column import Array, Bools

TITLE = "title"
AT_ONCE = 65_536
"""Cards whose words are taken apart at once; what is held meanwhile grows with them."""
MAX_CHARS = 1000
"""Of a card that are searched, its title first."""
MAX_WORDS = 16
"""Of a query that count."""
LEAST_ANEW, SHARE_ANEW = 1000, 8
"""Once more cards have changed than the first, and than one in the second, all are read again."""

Card = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class CardWords:
    """Two indexes, of all cards at some time and of those that changed since, so that a change costs little.

    Attributes:
        hidden: columns that are not searched, such as names of pictures.
        cards: I, as they are now.
        read: the cards of the first index.
        old, new: of the titles, and of all texts, in the first index and in the second.
        changed: int64, rows that the second index has, in its order; what the first one says of them does not count.
    """

    hidden: Collection[str] = ()
    cards: Cards = ()
    read: Cards = ()
    old: tuple[WordIndex, WordIndex]
    new: tuple[WordIndex, WordIndex]
    changed: Array

    @staticmethod
    def of(cards: Cards, hidden: Collection[str]) -> "CardWords":
        """Reads all cards: seconds for each hundred thousand, and a hundred bytes or two for each."""
        nothing = np.empty(0, np.int64)
        return CardWords(
            hidden=hidden,
            cards=cards,
            read=cards,
            old=_indexes(cards, np.arange(len(cards)), hidden),
            new=_indexes(cards, nothing, hidden),
            changed=nothing,
        )

    def told(self, cards: Cards) -> "CardWords":
        """Of these cards instead; what is the same object as before is not read again."""
        if cards is self.cards:
            return self
        known, size = len(self.read), len(cards)
        changed = [row for row in range(size) if row >= known or cards[row] is not self.read[row]]
        if size < known or len(changed) > max(LEAST_ANEW, size // SHARE_ANEW):
            return CardWords.of(cards, self.hidden)
        rows = np.array(changed, np.int64)
        new = _indexes(cards, rows, self.hidden)
        return CardWords(hidden=self.hidden, cards=cards, read=self.read, old=self.old, new=new, changed=rows)

    def fitting(self, query: str) -> tuple[Bools, Array]:
        """Which cards have all words of a query, whole or as beginnings; a query without words fits all.

        Returns:
            bool [I], and int64 [I], how many of the words the title has.
        """
        fits, in_title = np.ones(len(self.cards), bool), np.zeros(len(self.cards), np.int64)
        for word in plain_words(query)[:MAX_WORDS]:
            in_title += self._having(word, 0)
            fits &= self._having(word, 1)
        return fits, in_title

    def _having(self, word: str, which: int) -> Bools:
        having = np.zeros(len(self.cards), bool)
        having[self.old[which].beginning(word)] = True
        having[self.changed] = False
        having[self.changed[self.new[which].beginning(word)]] = True
        return having


def _indexes(cards: Cards, rows: Array, hidden: Collection[str]) -> tuple[WordIndex, WordIndex]:
    pieces: list[list[int]] = [rows[start : start + AT_ONCE].tolist() for start in range(0, len(rows), AT_ONCE)]
    return (
        WordIndex.of([_text({TITLE: cards[row].get(TITLE)}, ()) for row in piece] for piece in pieces),
        WordIndex.of([_text(cards[row], hidden) for row in piece] for piece in pieces),
    )


def _text(card: Card, hidden: Collection[str]) -> str:
    texts = [value for name, value in card.items() if isinstance(value, str) and name not in hidden]
    return " ".join(texts)[:MAX_CHARS]
