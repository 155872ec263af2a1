"""Who waits for what, and for how long."""

from collections.abc import Callable, Mapping
from itertools import islice
from operator import itemgetter
from typing import Protocol

from winnow.serving.door.phase import Phase


class Guest(Protocol):
    """A connection, as far as time matters."""

    def expire(self, phase: Phase) -> None:
        """It has been in the phase for too long."""
        ...

    def abort(self) -> None:
        """Somebody else needs its place."""
        ...


class Watch:
    """Connections by phase, in the order in which they entered it.

    Every connection of a phase has the same time in it, so that those that are overdue are the first: looking for them
    costs nothing where there are none, however many connections are open.

    Args:
        clock: seconds that only rise.
        limits_s: longest stay by phase; a phase without a limit is absent.
    """

    def __init__(self, clock: Callable[[], float], limits_s: Mapping[Phase, float]) -> None:
        self._clock = clock
        self._limits_s = limits_s
        # A dict keeps the order of its keys, and forgets one in constant time.
        self._since: dict[Phase, dict[Guest, float]] = {phase: {} for phase in Phase}

    def enter(self, connection: Guest, phase: Phase) -> None:
        """Of a connection that is in no phase."""
        self._since[phase][connection] = self._clock()

    def leave(self, connection: Guest, phase: Phase) -> None:
        """The connection is in no phase any more."""
        self._since[phase].pop(connection, None)

    def overdue(self, most: int) -> list[tuple[Guest, Phase]]:
        """Some connections that have been in their phase for too long, up to `most`."""
        now, late = self._clock(), list[tuple[Guest, Phase]]()
        for phase, limit_s in self._limits_s.items():
            for connection, since in self._since[phase].items():
                if now - since < limit_s or len(late) == most:
                    break
                late.append((connection, phase))
        return late

    def longest(self) -> Guest | None:
        """Who has used up the largest share of the time that the phase has; None where nobody is in any.

        By shares, so that an idle caller of good standing does not go before one who dawdles over a request.
        """
        now = self._clock()
        firsts = [
            ((now - since) / limit_s, connection)
            for phase, limit_s in self._limits_s.items()
            for connection, since in islice(self._since[phase].items(), 1)
        ]
        return max(firsts, key=itemgetter(0))[1] if firsts else None
