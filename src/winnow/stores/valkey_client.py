"""Round trips to a Valkey server that may be down."""

import math
import time
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from valkey.exceptions import (
    ConnectionError,  # noqa: A004 - Valkey's own, which is no OSError
    InvalidResponse,
    NoPermissionError,
    NoScriptError,
    OutOfMemoryError,
    ReadOnlyError,
    ResponseError,
    TimeoutError,  # noqa: A004
)

from winnow.schema.errors import Unavailable
from winnow.stores.awaited import LateError
from winnow.stores.back_off import BackOff
from winnow.stores.open_valkey import open_valkey
from winnow.stores.valkey_connections import ValkeyConnections
from winnow.stores.valkey_script import Script

CONNECT_TIMEOUT_S = 0.05
READ_TIMEOUT_S = 0.05
BACK_OFF_S = 0.25
SLOW_SHARE = 0.5
"""Of the longest wait for an answer: one that takes longer is slow, and good all the same."""
FAULTS = (ConnectionError, TimeoutError, InvalidResponse, OSError)
REFUSALS = (OutOfMemoryError, ReadOnlyError, NoPermissionError)
REFUSAL_WORDS = ("MISCONF", "MASTERDOWN", "NOREPLICAS", "CLUSTERDOWN", "TRYAGAIN", "BUSY", "MOVED")
"""What errors begin with that the client library has no class for, and that the state of the server is to blame for."""

Command = tuple[str | bytes | int, ...]
Call = tuple[list[str], list[str | bytes | int]]
"""Keys and arguments of a script."""


class MissedError(Unavailable):
    """One answer did not come in time, which may be chance: nobody else is kept from asking."""


class ValkeyClient:
    """Sends commands in one round trip; says Unavailable when there is no answer. Safe to share between threads.

    A connection on which anything went wrong is closed. Where the server cannot be reached, or two answers in a row do
    not come, all that are idle are closed too, and for a while nobody waits for it: then one caller tries it again, and
    only its success lets the others in. So it is with reads when two in a row are answered slowly: a hundred of those,
    one after the other, would be worse than one that is not answered. Scripts go on, for they write what nobody else
    keeps.

    Args:
        url: valkey://, valkeys:// (TLS), redis://, rediss:// or unix://, perhaps with user and password.
        connect_timeout_s, read_timeout_s: longest wait for a connection, and for each piece of an answer. What the URL
            says (socket_connect_timeout, socket_timeout) takes precedence.
        back_off_s: how long nobody tries after a first failure.
        clock: seconds that only rise.

    Raises:
        SettingsError: the URL is none of these, or a part of it is wrong.
    """

    def __init__(
        self,
        url: str,
        *,
        connect_timeout_s: float = CONNECT_TIMEOUT_S,
        read_timeout_s: float = READ_TIMEOUT_S,
        back_off_s: float = BACK_OFF_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._server = open_valkey(url, connect_timeout_s, read_timeout_s)
        self._back_off, self._slow = BackOff(back_off_s, clock), BackOff(back_off_s, clock)
        self.read_timeout_s: float = self._server.connection_pool.connection_kwargs["socket_timeout"]
        self._clock, self._slow_s, self._was_slow = clock, SLOW_SHARE * self.read_timeout_s, False
        self._has_missed = False
        self.address = _address(self._server)
        self._connections = ValkeyConnections(self._server.connection_pool, self._failed)

    def send(self, commands: Sequence[Command], within_s: float = math.inf) -> list[Any]:
        """The answers to some commands, in order, from one round trip.

        Args:
            commands: one or more.
            within_s: how long the caller has, if that is less than the longest wait. That somebody had no time tells
                nothing of the server, unless it has been slow by then.

        Raises:
            MissedError: this answer did not come; those before it did.
            Unavailable: the server does not answer, or too slowly lately, or its state does not allow one of the
                commands.
            ResponseError: one of the commands is wrong.
        """
        left_s = self._slow.left_s()
        if left_s:
            raise Unavailable(f"The state store at {self.address} is slow; nobody reads from it for {left_s:.2f} s.")
        start = self._clock()
        try:
            replies = self._exchanged(commands, within_s)
        except LateError:
            self._noted(is_slow=self._clock() - start > self._slow_s)
            raise Unavailable(
                f"The state store at {self.address} had not answered when the time that the request may take was spent."
            ) from None
        self._noted(is_slow=self._clock() - start > self._slow_s)
        return self._checked(replies)

    def run(self, script: Script, calls: Sequence[Call]) -> list[Any]:
        """The results of calls of a script, each with its keys and arguments, in one round trip.

        A server that does not know the script, since it was started anew, costs a second one.

        Raises:
            MissedError, Unavailable, ResponseError: as in `send`; commands whose answer did not come may have been
                carried out.
        """
        tails = [(len(keys), *keys, *arguments) for keys, arguments in calls]
        replies = self._exchanged([("EVALSHA", script.sha, *tail) for tail in tails])
        unknown = [place for place, reply in enumerate(replies) if isinstance(reply, NoScriptError)]
        if unknown:
            again = self._exchanged([("EVAL", script.text, *tails[place]) for place in unknown])
            for place, reply in zip(unknown, again, strict=True):
                replies[place] = reply
        return self._checked(replies)

    def close(self) -> None:
        """Lets all connections go."""
        self._connections.close()

    def _exchanged(self, commands: Sequence[Command], within_s: float = math.inf) -> list[Any]:
        """Answers, errors of single commands among them."""
        left_s = self._back_off.left_s()
        if left_s:
            raise Unavailable(f"The state store at {self.address} did not answer; nobody tries it for {left_s:.2f} s.")
        try:
            replies = self._asked(commands, within_s)
        except ResponseError as error:
            raise Unavailable(
                f"The state store at {self.address} refuses the connection ({error}); see to the user, the password "
                "and the database of its URL, and to the server's memory, its disk and its role."
            ) from error
        except FAULTS as error:
            is_chance = isinstance(error, TimeoutError) and not self._has_missed
            self._has_missed = True
            if not is_chance:
                self._failed()
            raise (MissedError if is_chance else Unavailable)(
                f"The state store at {self.address} does not answer ({error}); it is tried again soon. If it stays so, "
                "see whether the server runs and can be reached."
            ) from error
        self._back_off.succeeded()
        self._has_missed = False
        return replies

    def _asked(self, commands: Sequence[Command], within_s: float) -> list[Any]:
        """Likewise, from one connection, which is closed unless all of them came. Raises LateError."""
        until = self._clock() + within_s
        connection = self._connections.taken(within_s)
        try:
            connection.send_packed_command(connection.pack_commands(commands))
            replies = [self._reply(connection, str(name), until) for name, *_ in commands]
        except BaseException:
            self._connections.drop(connection)
            raise
        self._connections.give_back(connection)
        return replies

    def _reply(self, connection: Any, name: str, until: float) -> Any:
        left_s = until - self._clock()
        if left_s < self.read_timeout_s and not connection.can_read(max(left_s, 0.0)):
            raise LateError
        try:
            return self._server.parse_response(connection, name)
        except ResponseError as error:
            return error

    def _noted(self, *, is_slow: bool) -> None:
        """One slow answer may be chance."""
        if not is_slow:
            self._slow.succeeded()
        elif self._was_slow:
            self._slow.failed()
        self._was_slow = is_slow

    def _failed(self) -> None:
        self._back_off.failed()
        self._connections.drop_ready()

    def _checked(self, replies: list[Any]) -> list[Any]:
        for reply in replies:
            if isinstance(reply, ResponseError):
                self._refuse(reply)
        return replies

    def _refuse(self, error: ResponseError) -> NoReturn:
        if isinstance(error, ReadOnlyError):
            # Another server took over; only new connections find it.
            self._connections.drop_ready()
        if isinstance(error, REFUSALS) or str(error).startswith(REFUSAL_WORDS):
            kind = type(error).__name__
            raise Unavailable(
                f"The state store at {self.address} refuses a command ({kind}: {error}); see to its memory, its disk "
                "and its role."
            ) from error
        raise error


def _address(server: Any) -> str:
    """Host and port, or path: never the password."""
    told: dict[str, Any] = server.connection_pool.connection_kwargs
    return told["path"] if "path" in told else f"{told.get('host', 'localhost')}:{told.get('port', 6379)}"
