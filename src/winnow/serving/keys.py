"""Who may call what."""

import hmac
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address

from fastapi import Request

from winnow.serving.errors import ApiError
from winnow.serving.settings import hash_of_key

FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")
HOW = "Send it in the header 'Authorization: Bearer KEY' or 'X-API-Key: KEY'."


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys that open the service. All methods are FastAPI dependencies.

    - Recommendations and similar items are open to callers on this machine; anybody else needs a key. What a proxy
      passes on is not local; one on this machine must say so by a forwarding header, as proxies do.
    - Every other route that writes or shows state wants a key from every caller, and is shut until one is set: nothing
      is open by default that could be changed from outside.

    Attributes:
        hashes: SHA-256 of each key.
    """

    hashes: tuple[bytes, ...]

    async def open_here(self, request: Request) -> None:
        """Lets callers on this machine pass, and callers with a key.

        Raises:
            ApiError: 401 for a wrong key, and for a caller elsewhere without one; 403 for such a caller when no key is
                set.
        """
        if self.hashes and (_key_of(request) is not None or not _is_local(request)):
            self._check(request)
        elif not _is_local(request):
            raise ApiError(
                403, "no_key_set", "No API key is set, so this route is for callers on this machine only. "
                "Start the service with WINNOW_API_KEYS to open it."
            )  # fmt: skip

    async def key_only(self, request: Request) -> None:
        """Lets callers with a key pass, and nobody when no key is set.

        Raises:
            ApiError: 401 without a right key; 403 when no key is set.
        """
        if not self.hashes:
            raise ApiError(
                403, "no_key_set", "This route is shut until an API key is set. "
                "Start the service with WINNOW_API_KEYS and send one of its keys."
            )  # fmt: skip
        self._check(request)

    async def admin_only(self, request: Request) -> None:
        """Of routes that change the service itself; they take the same keys. Raises as `key_only` does."""
        await self.key_only(request)

    def _check(self, request: Request) -> None:
        key = _key_of(request)
        if key is None:
            raise ApiError(401, "key_missing", f"This route needs an API key. {HOW}")
        given = hash_of_key(key)
        # Every hash is compared, in constant time: how long it takes tells nothing about the keys.
        if sum(hmac.compare_digest(given, known) for known in self.hashes) == 0:
            raise ApiError(401, "key_wrong", f"The API key is not one of this service. {HOW}")


def _key_of(request: Request) -> str | None:
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return key.strip()
    return request.headers.get("x-api-key")


def _is_local(request: Request) -> bool:
    # What a proxy passes on is not local, wherever the proxy itself runs.
    if request.client is None or any(name in request.headers for name in FORWARDED):
        return False
    try:
        address = ip_address(request.client.host)
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return (mapped or address).is_loopback
