"""A real server that speaks TLS only to clients with a certificate."""

import subprocess
from pathlib import Path

import pytest

from benchmarks.valkey_server import free_ports
from tests.missing import needed_openssl
from tests.valkey_server import PATIENT_S, valkey_server
from winnow.schema.errors import Unavailable
from winnow.stores.valkey_client import ValkeyClient


def certificate(folder: Path, name: str, *more: str) -> tuple[Path, Path]:
    """Files of a certificate and its key, signed by itself unless more is said."""
    own, key = folder / f"{name}.crt", folder / f"{name}.key"
    made = ("-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2")
    names = ("-subj", f"/CN={name}", "-addext", "subjectAltName=IP:127.0.0.1")
    command = ["openssl", "req", *made, *names, *more, "-keyout", str(key), "-out", str(own)]
    subprocess.run(command, check=True, capture_output=True)
    return own, key


def ping(url: str) -> list[object]:
    client = ValkeyClient(url, connect_timeout_s=PATIENT_S, read_timeout_s=PATIENT_S)
    try:
        return client.send([("PING",)])
    finally:
        client.close()


def test_state_goes_over_tls_to_a_server_that_is_known_from_a_client_that_is(tmp_path):
    needed_openssl()
    authority, authority_key = certificate(tmp_path, "authority")
    signed = ("-CA", str(authority), "-CAkey", str(authority_key))
    files = dict(
        zip(("tls_cert_file", "tls_key_file"), map(str, certificate(tmp_path, "server", *signed)), strict=True)
    )
    own, key = certificate(tmp_path, "client", *signed)
    stranger, _ = certificate(tmp_path, "stranger")
    (port,) = free_ports(1)
    options = {**files, "tls_ca_cert_file": str(authority), "tls_port": str(port), "tls_auth_clients": "yes"}
    with valkey_server(tmp_path, **options):
        url = f"valkeys://127.0.0.1:{port}/0?ssl_ca_certs={authority}&ssl_check_hostname=true"
        client = f"&ssl_certfile={own}&ssl_keyfile={key}"
        assert ping(url + client) == [True]
        with pytest.raises(Unavailable):
            ping(url)
        with pytest.raises(Unavailable, match="certificate verify failed"):
            ping(url.replace(str(authority), str(stranger)) + client)
