"""Who may call what."""

import hmac
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address

from fastapi import Request

from winnow.serving.access.key_ring import KeyRing
from winnow.serving.access.known_key import hash_of_key
from winnow.serving.access.role import Role, written_roles
from winnow.serving.errors import ApiError

FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")
HOW = "Send it in the header 'Authorization: Bearer KEY' or 'X-API-Key: KEY'."
SET_ONE = "Start the service with WINNOW_API_KEYS or WINNOW_KEYS_FILE"


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys that open the service. The methods are FastAPI dependencies, one for each kind of route.

    - Routes that only answer are open to callers on this machine; anybody else needs a key that may read. What a proxy
      passes on is not local; one on this machine must say so by a forwarding header, as proxies do.
    - Every other route that writes or shows state wants a key of its role from every caller, and is shut until one is
      set: nothing is open by default that could be changed from outside.

    Attributes:
        ring: the keys of the moment.
    """

    ring: KeyRing

    async def open_here(self, request: Request) -> None:
        """Lets callers on this machine pass, and callers with a key that may read.

        Raises:
            ApiError: 401 for a wrong key, and for a caller elsewhere without one; 403 for such a caller when no key is
                set, and for a key that may not read.
        """
        if self.ring.current() and (_key_of(request) is not None or not _is_local(request)):
            self._check(request, Role.READ)
        elif not _is_local(request):
            raise ApiError(
                403, "no_key_set", "No API key is set, so this route is for callers on this machine only. "
                f"{SET_ONE} to open it."
            )  # fmt: skip

    async def events_only(self, request: Request) -> None:
        """Lets callers pass whose key may write events, and nobody when no key is set. Raises as `admin_only` does."""
        self._shut(request, Role.EVENTS)

    async def admin_only(self, request: Request) -> None:
        """Lets callers pass whose key may do all, and nobody when no key is set.

        Raises:
            ApiError: 401 without a right key; 403 when no key is set, and for a key of other roles.
        """
        self._shut(request, Role.ADMIN)

    def _shut(self, request: Request, role: Role) -> None:
        if not self.ring.current():
            raise ApiError(
                403, "no_key_set", "This route is shut until an API key is set. "
                f"{SET_ONE} and send one of its keys."
            )  # fmt: skip
        self._check(request, role)

    def _check(self, request: Request, role: Role) -> None:
        key = _key_of(request)
        if key is None:
            raise ApiError(401, "key_missing", f"This route needs an API key. {HOW}")
        given = hash_of_key(key)
        # Every hash is compared, in constant time: how long it takes tells nothing about the keys.
        own = [known.roles for known in self.ring.current() if hmac.compare_digest(given, known.hash)]
        if not own:
            raise ApiError(401, "key_wrong", f"The API key is not one of this service. {HOW}")
        roles = frozenset[Role]().union(*own)
        if not roles & {role, Role.ADMIN}:
            raise ApiError(
                403, "role_missing", f"This route needs a key with the role '{role}', and this one has "
                f"'{written_roles(roles)}'."
            )  # fmt: skip


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
