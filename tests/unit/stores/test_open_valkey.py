import traceback

import pytest
from valkey.connection import Connection, SSLConnection, UnixDomainSocketConnection

from winnow.schema.errors import SettingsError
from winnow.stores.open_valkey import open_valkey


def opened(url: str):
    return open_valkey(url, 0.1, 0.2).connection_pool.make_connection()


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("valkey://host:7000/1", Connection),
        ("redis://me:a%2Fb%40c@host/", Connection),
        ("VALKEYS://me:secret@[::1]:7000?db=2", SSLConnection),
        ("rediss://host?ssl_check_hostname=false&ssl_cert_reqs=none", SSLConnection),
        ("unix:///run/valkey.sock?db=1&socket_timeout=0.5", UnixDomainSocketConnection),
    ],
)
def test_what_a_url_says_makes_a_connection(url, kind):
    assert type(opened(url)) is kind


def test_the_url_has_the_last_word_on_what_is_waited_for():
    assert (opened("valkey://host").socket_connect_timeout, opened("valkey://host").socket_timeout) == (0.1, 0.2)
    told = opened("valkey://host?socket_timeout=2&socket_connect_timeout=3")
    assert (told.socket_timeout, told.socket_connect_timeout) == (2, 3)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "begins with valkey://"),
        ("host:6379", "begins with valkey://"),
        ("http://me:secret@host", "begins with valkey://"),
        ("valkey://me:secret@host:no-port", r"a port is 0 to 65535\); write it as valkeys://"),
        ("valkey://me:secret@host:99999/0", "a port is 0 to 65535"),
        ("valkey://me:secret@[::1/0", "host or port that cannot be read"),
        ("valkey://me:secret/really@host", "a port is 0 to 65535.* of the password as %2F"),
        ("valkey://me:1?secret=really@host", "an @ that ends no password.* as %2F"),
        ("valkey://me:1#secret@host", "an @ that ends no password"),
        ("valkey://host/secret", "names a database, behind the host, that is no whole number from 0"),
        ("valkey://host/-1", "names a database"),
        ("valkey://host?db=one", "says that db is 'one'; it takes a whole number from 0"),
        ("valkeys://me:secret@host?ssl_ca_cert=/x", r"'ssl_ca_cert', which is not known \(was ssl_ca_certs meant\?\)"),
        ("valkey://host?foo=secret", "'foo', which is not known; behind the [?] it takes db, socket_timeout"),
        ("valkey://host?foo", "'foo', which is not known"),
        ("valkey://host?socket_timeout=abc", "socket_timeout is 'abc'; it takes seconds above 0, 3600 at most"),
        ("valkey://host?socket_timeout=-1", "socket_timeout is '-1'; it takes seconds above 0"),
        ("valkey://host?socket_timeout=", "socket_timeout is ''; it takes seconds above 0"),
        ("valkey://host?socket_timeout=inf", "socket_timeout is 'inf'"),
        ("valkey://host?socket_connect_timeout=nan", "socket_connect_timeout is 'nan'; it takes seconds"),
        ("valkeys://host?ssl_check_hostname=maybe", "ssl_check_hostname is 'maybe'; it takes true or false"),
        ("valkeys://host?ssl_cert_reqs=foo", "ssl_cert_reqs is 'foo'; it takes none, optional or required"),
        (
            "valkeys://host?ssl_cert_reqs=none&ssl_check_hostname=true",
            "ssl_check_hostname, which needs the certificate",
        ),
        ("valkeys://host?ssl_ca_certs=/none.pem", r"ssl_ca_certs is '/none\.pem'; it takes a file that is there"),
        ("valkeys://host?ssl_ca_certs=%00", "it takes a file that is there"),
        (
            "valkey://host?ssl_check_hostname=true",
            "which is for TLS, and begins with valkey://; begin it with valkeys://",
        ),
        (f"valkeys://host?ssl_keyfile={__file__}&ssl_password=secret", "ssl_keyfile without ssl_certfile"),
        (f"valkeys://host?ssl_ca_certs={__file__}", f"certificates \\({__file__}\\) that cannot be used: "),
        (f"valkeys://host?ssl_certfile={__file__}", "certificates .*cannot be used: "),
    ],
)
def test_what_is_wrong_with_a_url_is_named_and_no_password_is_quoted(url, words):
    with pytest.raises(SettingsError, match=words) as raised:
        open_valkey(url, 0.1, 0.1)
    assert "secret" not in "".join(traceback.format_exception(raised.value))
