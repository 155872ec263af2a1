"""Searches the words of cards, which are read when somebody first searches."""

from threading import Lock

from winnow.engine.engine import Engine
from winnow.pipeline.browse.card_words import CardWords
from winnow.schema.column import Array, Bools
from winnow.schema.errors import Unavailable

PATIENCE_S = 1.0


class WordSearch:
    """Holds the words of one catalogue, the one that was searched last. Safe to call from several threads.

    A service that nobody searches reads none, and starts as fast as if there were no search.

    Args:
        patience_s: how long a search waits while another one reads the cards; threads are few, and others need them.
    """

    def __init__(self, patience_s: float = PATIENCE_S) -> None:
        self._words = CardWords.of((), ())
        self._digest = ""
        self._reading = Lock()
        self._patience_s = patience_s

    def fitting(self, engine: Engine, query: str) -> tuple[Bools, Array]:
        """Which items have all words of the query, and how many of them are in the title; as `CardWords.fitting`.

        Raises:
            Unavailable: the cards are still being read.
        """
        return self._current(engine).fitting(query)

    def _current(self, engine: Engine) -> CardWords:
        words, cards = self._words, engine.catalogue.cards
        if words.cards is cards:
            return words
        if not self._reading.acquire(timeout=self._patience_s):
            raise Unavailable("The words of the catalogue are being read for a first search. Ask again soon.")
        try:
            if engine.digest == self._digest:
                self._words = self._words.told(cards)
            else:
                self._words = CardWords.of(cards, engine.picture_columns)
                self._digest = engine.digest
            return self._words
        finally:
            self._reading.release()
