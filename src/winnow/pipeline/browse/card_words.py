"""The words on the cards of a catalogue, searched."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

import numpy as np

from winnow.index.word_index import WordIndex, plain_words
from winnow.pipeline.cards import Cards
from winnow.pipeline.changed_cards import ChangedCards
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

    hidden: Collection[str]
    cards: Cards
    read: Cards
    old: tuple[WordIndex, WordIndex]
    new: tuple[WordIndex, WordIndex]
    changed: Array

    @staticmethod
    def of(cards: Cards, hidden: Collection[str]) -> "CardWords":
        """Reads all cards: seconds for each hundred thousand, and a hundred bytes or two for each."""
        return CardWords(
            hidden=hidden,
            cards=cards,
            read=cards,
            old=_indexes(cards, hidden),
            new=_indexes((), hidden),
            changed=np.empty(0, np.int64),
        )

    def told(self, cards: Cards) -> "CardWords":
        """Of these cards instead, of which only those are read that are not what they were."""
        if cards is self.cards:
            return self
        changed = _changed(self.read, cards)
        if changed is None or len(changed) > max(LEAST_ANEW, len(cards) // SHARE_ANEW):
            return CardWords.of(cards, self.hidden)
        new = _indexes((cards[row] for row in changed), self.hidden)
        return replace(self, cards=cards, new=new, changed=np.array(changed, np.int64))

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


def _changed(before: Cards, after: Cards) -> list[int] | None:
    """The rows that have another card, or one at last; None where that would have to be looked for."""
    (base, were), (same, are) = _parts(before), _parts(after)
    if base is not same:
        return None
    return sorted(row for row in {*were, *are} if were.get(row) is not are.get(row))


def _parts(cards: Cards) -> tuple[Cards, Mapping[int, Card]]:
    return (cards.base, cards.changed) if isinstance(cards, ChangedCards) else (cards, {})


def _indexes(cards: Iterable[Card], hidden: Collection[str]) -> tuple[WordIndex, WordIndex]:
    """In one pass, for cards may lie in a file."""
    titles = list[list[str]]()

    def texts() -> Iterator[list[str]]:
        left = iter(cards)
        while some := list(islice(left, AT_ONCE)):
            titles.append([_text({TITLE: card.get(TITLE)}, ()) for card in some])
            yield [_text(card, hidden) for card in some]

    of_texts = WordIndex.of(texts())
    return WordIndex.of(titles), of_texts


def _text(card: Card, hidden: Collection[str]) -> str:
    texts = [value for name, value in card.items() if isinstance(value, str) and name not in hidden]
    return " ".join(texts)[:MAX_CHARS]
