"""A client of the server that a URL names, once all that stands in the URL is found good."""

import ssl
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, cast
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from valkey import Valkey

from winnow.schema.errors import SettingsError

EXAMPLE = "valkeys://user:password@host:6379/0"
TLS = ("valkeys", "rediss")
SCHEMES = ("valkey", "redis", *TLS, "unix")
FILES = ("ssl_ca_certs", "ssl_certfile", "ssl_keyfile")
YES = ("true", "yes", "1")
NO = ("false", "no", "0")
MOST_S = 3600.0
"""Longest wait that a URL may ask for."""


def open_valkey(url: str, connect_timeout_s: float, read_timeout_s: float) -> Any:
    """The client of the library, of types that it leaves open; nothing is connected yet.

    Some faults of a URL the library passes over, and others it finds only when it connects, in a request. So they are
    looked for here, and only what Winnow knows may stand there. No message quotes what may be part of a password.

    Args:
        url: valkey://, valkeys:// (TLS), redis://, rediss:// or unix://, perhaps with user and password.
        connect_timeout_s: longest wait for a connection, where the URL does not say another.
        read_timeout_s: likewise for each piece of an answer.

    Raises:
        SettingsError: the URL is none of these, says what is not known, or names a file that cannot be used.
    """
    parts = _parts(url)
    # The library, too, takes the first of several, and decodes it once more.
    told = {name: unquote(values[0]) for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
    for name, value in told.items():
        _check(name, value, parts.scheme)
    _check_certificates(told)
    return cast("Any", Valkey).from_url(
        url,
        socket_connect_timeout=connect_timeout_s,
        socket_timeout=read_timeout_s,
        lib_name=None,  # each name costs a new connection a round trip
        lib_version=None,
        **({} if parts.scheme == "unix" else {"socket_keepalive": True}),
    )


def _parts(url: str) -> SplitResult:
    if not url.lower().startswith(tuple(f"{scheme}://" for scheme in SCHEMES)):
        raise _refused(
            "is not one of a Valkey server; it begins with valkey://, valkeys:// (TLS), redis://, rediss:// or "
            f"unix://, and names host, port and database: {EXAMPLE}"
        )
    advice = f"write it as {EXAMPLE}, and a /, ?, # or @ of the password as %2F, %3F, %23 or %40"
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise _refused(f"has a host or port that cannot be read (a port is 0 to 65535); {advice}") from None
    if "@" in url and "@" not in parts.netloc:
        raise _refused(f"has an @ that ends no password; {advice}, and so any other @")
    if parts.scheme != "unix" and not _is_whole(parts.path.strip("/") or "0"):
        raise _refused(f"names a database, behind the host, that is no whole number from 0; {advice}")
    return parts


def _is_whole(value: str) -> bool:
    return value.isdecimal()


def _is_wait(value: str) -> bool:
    try:
        return 0 < float(value) <= MOST_S
    except ValueError:
        return False


WAIT = (_is_wait, f"seconds above 0, {MOST_S:.0f} at most")
PARAMETERS: Mapping[str, tuple[Callable[[str], bool], str]] = {
    "db": (_is_whole, "a whole number from 0"),
    "socket_timeout": WAIT,
    "socket_connect_timeout": WAIT,
    **dict.fromkeys(FILES, (lambda value: Path(value).is_file(), "a file that is there")),
    "ssl_password": (bool, "the password of ssl_keyfile"),
    "ssl_check_hostname": (lambda value: value.lower() in YES + NO, "true or false"),
    "ssl_cert_reqs": (lambda value: value in {"none", "optional", "required"}, "none, optional or required"),
}
"""What may stand behind the ? of a URL: whether a value is good, and which are."""


def _check(name: str, value: str, scheme: str) -> None:
    if name not in PARAMETERS:
        near = get_close_matches(name, PARAMETERS, 1)
        meant = f" (was {near[0]} meant?)" if near else ""
        raise _refused(f"says '{name}', which is not known{meant}; behind the ? it takes {', '.join(PARAMETERS)}")
    is_good, takes = PARAMETERS[name]
    if not is_good(value):
        raise _refused(f"says that {name} is '{value}'; it takes {takes}")
    if name.startswith("ssl_") and scheme not in TLS:
        raise _refused(f"says {name}, which is for TLS, and begins with {scheme}://; begin it with valkeys://")


def _check_certificates(told: Mapping[str, str]) -> None:
    """Whether the library could use them, of parameters that are good one by one."""
    if told.get("ssl_cert_reqs") == "none" and told.get("ssl_check_hostname", "no").lower() in YES:
        raise _refused("says ssl_check_hostname, which needs the certificate that ssl_cert_reqs=none passes over")
    if "ssl_keyfile" in told and "ssl_certfile" not in told:
        raise _refused("says ssl_keyfile without ssl_certfile; name the certificate that the key belongs to")
    context, password = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), told.get("ssl_password", "")
    try:
        if "ssl_ca_certs" in told:
            context.load_verify_locations(told["ssl_ca_certs"])
        if "ssl_certfile" in told:
            context.load_cert_chain(told["ssl_certfile"], told.get("ssl_keyfile"), password)
    except OSError as error:
        files = ", ".join(told[name] for name in FILES if name in told)
        raise _refused(f"names files of certificates ({files}) that cannot be used: {error.strerror}") from error


def _refused(why: str) -> SettingsError:
    return SettingsError(f"The URL of the state store (WINNOW_VALKEY_URL) {why}.")
