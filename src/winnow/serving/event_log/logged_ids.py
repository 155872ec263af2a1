"""How a visitor is named in the log."""

import hashlib
from dataclasses import dataclass, field

HASH_BYTES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedIds:
    """By the id itself, or by a hash of it that nobody can guess back who does not know the secret.

    Attributes:
        is_hashed: which of the two.
        secret: of the hashes; with another one the same visitor has another hash.
    """

    is_hashed: bool
    secret: bytes = field(repr=False)

    def __call__(self, visitor: str) -> str:
        """What the log may hold of a visitor's outside name."""
        if not self.is_hashed:
            return visitor
        # BLAKE2b takes at most 64 bytes of key.
        key = hashlib.sha256(self.secret).digest()
        return hashlib.blake2b(visitor.encode(), digest_size=HASH_BYTES, key=key).hexdigest()
