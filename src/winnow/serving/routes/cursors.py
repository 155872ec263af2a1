"""Cursors as text: packed, signed, for one visitor and for a while."""

import hashlib
import hmac
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field

import numpy as np

from winnow.api.limits import MAX_CURSOR_CHARS
from winnow.serving.errors import ApiError
from winnow.serving.routes.cursor import Cursor

VERSION = 1
HEADER = struct.Struct("<BI8sHQ")
"""Version, instant of expiry in UTC seconds, whose it is, pages, seed; behind it the hashes, and then the signature."""
SIGNATURE_BYTES = 16
HASH_BYTES = 8
MOST_SHOWN = (MAX_CURSOR_CHARS * 6 // 8 - HEADER.size - SIGNATURE_BYTES) // HASH_BYTES
"""Items that a cursor has room for."""
AGAIN = "Ask for the first page again, without a cursor."


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursors:
    """Writes cursors, and reads those that it wrote. Anybody can look into one, and nobody can make or change one.

    Attributes:
        secret: what all processes share that are to read each other's cursors.
        life_s: seconds for which a cursor is good.
    """

    secret: bytes = field(repr=False)
    life_s: int
    _signing: bytes = field(init=False, repr=False)
    _naming: bytes = field(init=False, repr=False)

    def __post_init__(self) -> None:
        # Two keys of one secret, so that neither the signature nor the digest of a name says anything of the other.
        object.__setattr__(self, "_signing", hmac.digest(self.secret, b"winnow cursor: signature", "sha256"))
        object.__setattr__(self, "_naming", hmac.digest(self.secret, b"winnow cursor: user", "sha256"))

    def written(self, cursor: Cursor, visitor: str, now: float) -> str | None:
        """At most MAX_CURSOR_CHARS letters, digits, `-` and `_`; None where more than MOST_SHOWN items were shown.

        Args:
            cursor: after one page or more.
            visitor: the name of who alone may use it; "" for everybody without one.
            now: UTC seconds.
        """
        if len(cursor.shown) > MOST_SHOWN:
            return None
        header = HEADER.pack(VERSION, int(now) + self.life_s, self._name(visitor), cursor.pages, cursor.seed)
        body = header + cursor.shown.astype("<u8", copy=False).tobytes()
        return _text(body + self._signature(body))

    def read(self, text: str, visitor: str, now: float) -> Cursor:
        """What was written.

        Args:
            text: as it came back.
            visitor: the name of who uses it.
            now: UTC seconds.

        Raises:
            ApiError: 422; it is no cursor, was changed, was written with another secret or by another version, has
                expired, or is another visitor's.
        """
        body = self._checked(text)
        version, expires_at, whose, pages, seed = HEADER.unpack_from(body)
        if version != VERSION:
            raise _refused(f"is of version {version}, and this service reads version {VERSION}.")
        if now >= expires_at:
            raise _refused(f"expired {int(now) - expires_at:,} seconds ago.", "cursor_expired")
        if not hmac.compare_digest(whose, self._name(visitor)):
            raise _refused("was given to another visitor than the one who asks.")
        return Cursor(pages=pages, seed=seed, shown=np.frombuffer(body, "<u8", offset=HEADER.size).astype(np.uint64))

    def _checked(self, text: str) -> bytes:
        """The body of what was signed by this secret."""
        try:
            raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))
        except ValueError:
            raw = b""
        # Written again, because base64 has several texts for the same bytes, and decoding passes over foreign signs.
        if len(raw) < HEADER.size + SIGNATURE_BYTES or _text(raw) != text:
            raise _refused("is not the cursor of an answer, or only a part of it.")
        body, signature = raw[:-SIGNATURE_BYTES], raw[-SIGNATURE_BYTES:]
        if not hmac.compare_digest(signature, self._signature(body)):
            raise _refused("was changed on its way, or written by a process with another secret or before a restart.")
        return body

    def _signature(self, body: bytes) -> bytes:
        return hmac.digest(self._signing, body, "sha256")[:SIGNATURE_BYTES]

    def _name(self, visitor: str) -> bytes:
        return hashlib.blake2b(visitor.encode(), digest_size=HASH_BYTES, key=self._naming).digest()


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def _refused(why: str, code: str = "cursor_invalid") -> ApiError:
    return ApiError(422, code, f"'cursor' {why} {AGAIN}", "cursor")
