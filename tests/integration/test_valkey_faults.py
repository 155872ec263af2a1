"""A state store whose server is killed, hung, full, replaced or started anew."""

import logging
import subprocess
import time
from threading import Thread

import numpy as np
import pytest

from benchmarks.valkey_server import ValkeyServer, free_ports
from tests.missing import needed_openssl
from tests.valkey_server import PATIENT_S, valkey_server
from winnow.schema.errors import SettingsError, Unavailable
from winnow.stores.check_valkey import check_valkey
from winnow.stores.counted_types import counted_types
from winnow.stores.event import Event
from winnow.stores.state_config import StateConfig
from winnow.stores.valkey_client import ValkeyClient
from winnow.stores.valkey_keys import UserKeys
from winnow.stores.valkey_state import ValkeyState

IMPATIENT_S = 0.5
"""Far more than an answer takes on a busy machine, and far less than what tests allow."""


def client_of(server: ValkeyServer, read_timeout_s: float = IMPATIENT_S) -> ValkeyClient:
    return ValkeyClient(server.url, connect_timeout_s=read_timeout_s, read_timeout_s=read_timeout_s)


def state_of(client: ValkeyClient) -> ValkeyState:
    return ValkeyState(client, StateConfig(length=1_000, counted=counted_types(["view"])))


def view(name: str, user_id: str = "ann", item_id: str = "pen") -> Event:
    return Event(event_id=name, user_id=user_id, item_id=item_id, type="view", at=time.time())


def count_of(state: ValkeyState, user_id: str = "ann") -> int:
    return len(state.read([user_id], np.array([np.inf])).events.at.values)


def count_once_there(state: ValkeyState, user_id: str = "ann") -> int:
    """As soon as the server answers again; nobody tells the store that it does."""
    end = time.monotonic() + PATIENT_S
    while True:
        try:
            return count_of(state, user_id)
        except Unavailable:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)


def fill(state: ValkeyState, calls: int) -> int:
    """Appends a hundred events in each of some calls while that works; returns how many were acknowledged."""
    new = 0
    for call in range(calls):
        try:
            new += state.append([view(f"e{call} {n}", item_id=f"item {call} {n}") for n in range(100)])
        except Unavailable:
            break
    return new


@pytest.fixture
def server(tmp_path):
    with valkey_server(tmp_path) as started:
        yield started


def test_a_killed_server_is_noticed_at_once_and_its_return_by_itself(server):
    state = state_of(client_of(server))
    state.append([view("e1")])
    server.kill()
    with pytest.raises(Unavailable, match="does not answer"):
        count_of(state)
    with pytest.raises(Unavailable, match="nobody tries it"):
        state.append([view("e2")])
    server.start()
    assert count_once_there(state) == 0
    assert state.append([view("e2")]) == 1
    assert count_of(state) == 1


def test_a_restart_between_two_calls_is_not_even_noticed(server):
    state = state_of(client_of(server, PATIENT_S))
    state.append([view("e1")])
    server.kill()
    server.start()
    # The connections are dead and the scripts are gone.
    assert state.append([view("e2"), view("b", "bob")]) == 2
    assert count_of(state) == 1


def test_a_hung_server_does_not_make_everybody_wait(server):
    state = state_of(client_of(server))
    state.append([view("e1")])
    server.pause()
    start = time.monotonic()
    for _ in range(100):
        with pytest.raises(Unavailable):
            count_of(state)
    assert time.monotonic() - start < 20 * IMPATIENT_S
    server.resume()
    assert count_once_there(state) == 1


class Clock:
    """Seconds that pass only while somebody waits for an answer."""

    def __init__(self) -> None:
        self.now, self.answer_s = 0.0, 0.0

    def __call__(self) -> float:
        self.now += self.answer_s
        return self.now


def test_a_server_that_answers_slowly_is_read_now_and_then_and_still_written(server):
    clock = Clock()
    client = ValkeyClient(server.url, connect_timeout_s=5, read_timeout_s=PATIENT_S, back_off_s=1.0, clock=clock)
    state = state_of(client)
    state.append([view("e1")])
    clock.answer_s = 0.6 * PATIENT_S
    # The answers themselves are good, and one alone may be chance.
    assert [count_of(state), count_of(state)] == [1, 1]
    clock.answer_s = 0.0
    for _ in range(3):
        with pytest.raises(Unavailable, match=r"is slow; nobody reads from it for 1\.00 s"):
            count_of(state)
        assert state.append([view(f"e{clock.now}")]) in {0, 1}
    clock.now += 1.5
    assert count_of(state) == 2
    assert count_of(state) == 2


def test_an_answer_that_comes_too_late_is_never_taken_for_another_one(server):
    state = state_of(client_of(server))
    state.append([view("e1"), view("b1", "bob"), view("b2", "bob")])
    server.pause()
    with pytest.raises(Unavailable):
        count_of(state, "bob")
    server.resume()
    assert count_once_there(state, "ann") == 1
    assert [count_of(state, user) for user in ("bob", "ann", "zoe")] == [2, 1, 0]


def test_an_event_that_was_sent_to_a_hung_server_counts_once_when_it_is_sent_again(server):
    state = state_of(client_of(server))
    assert count_of(state) == 0
    server.pause()
    with pytest.raises(Unavailable):
        state.append([view("e1")])
    server.resume()
    count_once_there(state)
    assert state.append([view("e1")]) in {0, 1}
    assert count_of(state) == 1
    assert state.forget("ann") == 1


def test_without_memory_nothing_is_half_written_reads_go_on_and_users_can_be_forgotten(server):
    client = client_of(server, PATIENT_S)
    state = state_of(client)
    state.append([view("e1"), view("b1", "bob")])
    client.send([("CONFIG", "SET", "maxmemory-policy", "noeviction"), ("CONFIG", "SET", "maxmemory", "1")])
    before = client.send([("DBSIZE",)])
    with pytest.raises(Unavailable, match="OutOfMemory"):
        state.append([view("e2", item_id="cup"), view("z1", "zoe")])
    assert client.send([("DBSIZE",)]) == before
    assert [count_of(state, user) for user in ("ann", "bob", "zoe")] == [1, 1, 0]
    assert client.send([("XLEN", UserKeys.of("ann").log), ("XLEN", UserKeys.of("zoe").log)]) == [1, 0]
    assert state.forget("bob") == 1
    assert state.read(["bob"], np.array([np.inf])).forgotten.tolist() == [True]
    client.send([("CONFIG", "SET", "maxmemory", "0")])
    # Their ids were not remembered either.
    assert state.append([view("e2", item_id="cup"), view("z1", "zoe")]) == 2


def test_a_call_that_runs_out_of_memory_on_its_way_is_written_whole(server):
    client = client_of(server, PATIENT_S)
    state = state_of(client)
    client.send([("CONFIG", "SET", "maxmemory", str(client.send([("INFO", "memory")])[0]["used_memory"] + 400_000))])
    new = fill(state, calls=1_000)
    assert 0 < new < 100_000
    assert count_of(state) == min(new, 1_000)
    assert client.send([("XLEN", UserKeys.of("ann").log)]) == [new]
    assert state.forget("ann") == new


def test_a_cluster_allows_every_call(tmp_path):
    (port,) = free_ports(1)
    with valkey_server(tmp_path, cluster_enabled="yes", cluster_port=str(port)) as server:
        client = client_of(server, PATIENT_S)
        client.send([("CLUSTER", "ADDSLOTSRANGE", 0, 16_383)])
        end = time.monotonic() + PATIENT_S
        while b"cluster_state:ok" not in client.send([("CLUSTER", "INFO")])[0] and time.monotonic() < end:
            time.sleep(0.05)
        state = state_of(client)
        users = [f"user {n}" for n in range(20)]
        assert state.append([view(f"e {user}", user) for user in users]) == 20
        assert state.read(users, np.full(20, np.inf)).events.at.lengths.tolist() == [1] * 20
        assert [state.forget(user) for user in users] == [1] * 20


def test_a_server_that_only_follows_another_is_read_and_not_written(server):
    client = client_of(server, PATIENT_S)
    state = state_of(client)
    state.append([view("e1")])
    client.send([("REPLICAOF", "127.0.0.1", "1")])
    with pytest.raises(Unavailable, match="ReadOnly"):
        state.append([view("e2")])
    assert count_of(state) == 1
    client.send([("REPLICAOF", "NO", "ONE")])
    assert state.append([view("e2")]) == 1


def test_nothing_that_was_acknowledged_is_lost_when_the_server_is_killed(tmp_path):
    acknowledged: list[str] = []

    def write(state: ValkeyState) -> None:
        for number in range(100_000):
            try:
                state.append([view(f"e{number}")])
            except Unavailable:
                return
            acknowledged.append(f"e{number}")

    with valkey_server(tmp_path, appendonly="yes", appendfsync="always") as server:
        client = client_of(server, PATIENT_S)
        state = state_of(client)
        writer = Thread(target=write, args=(state,))
        writer.start()
        while len(acknowledged) < 200:
            time.sleep(0.01)
        server.kill()
        writer.join()
        server.start()
        found = count_once_there(state)
        # What was under way may be there too.
        assert min(len(acknowledged), 1_000) <= found <= len(acknowledged) + 1
        assert state.append([view(name) for name in acknowledged]) == 0
        (entries,) = client.send([("XRANGE", UserKeys.of("ann").log, "-", "+")])
        assert {fields[b"event_id"].decode() for _, fields in entries} >= set(acknowledged)


def test_a_server_that_deletes_of_its_own_accord_is_refused(server, caplog):
    client = client_of(server, PATIENT_S)
    with caplog.at_level(logging.WARNING):
        check_valkey(client)
    assert "set appendonly to yes" in caplog.text
    client.send([("CONFIG", "SET", "maxmemory-policy", "volatile-lru")])
    with pytest.raises(SettingsError, match=r"maxmemory-policy volatile-lru, .* set it to noeviction"):
        check_valkey(client)
    server.kill()
    with pytest.raises(Unavailable, match="does not answer"):
        check_valkey(client)


def test_a_server_with_an_append_only_file_passes_in_silence(tmp_path, caplog):
    with valkey_server(tmp_path, appendonly="yes") as server, caplog.at_level(logging.WARNING):
        check_valkey(client_of(server, PATIENT_S))
    assert caplog.text == ""


def test_a_wrong_password_is_said_and_not_repeated(tmp_path):
    with valkey_server(tmp_path, requirepass="open sesame") as server:
        right = server.url.replace("//", "//:open%20sesame@")
        assert state_of(ValkeyClient(right, read_timeout_s=PATIENT_S)).append([view("e1")]) == 1
        for url in (server.url, server.url.replace("//", "//:guessed@")):
            with pytest.raises(Unavailable) as raised:
                count_of(state_of(ValkeyClient(url, read_timeout_s=PATIENT_S)))
            assert "guessed" not in str(raised.value)


def test_over_tls_only_a_server_with_a_known_certificate_is_trusted(tmp_path):
    needed_openssl()
    certificate, key = tmp_path / "server.crt", tmp_path / "server.key"
    request = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost"
    subprocess.run(
        ["openssl", *request.split(), "-keyout", key, "-out", certificate], check=True, stderr=subprocess.DEVNULL
    )
    (port,) = free_ports(1)
    files = {
        "tls_port": str(port),
        "tls_cert_file": str(certificate),
        "tls_key_file": str(key),
        "tls_auth_clients": "no",
    }
    with valkey_server(tmp_path, **files):
        url = f"valkeys://localhost:{port}/0"
        trusted = ValkeyClient(f"{url}?ssl_ca_certs={certificate}", connect_timeout_s=5, read_timeout_s=PATIENT_S)
        assert state_of(trusted).append([view("e1")]) == 1
        with pytest.raises(Unavailable, match="certificate"):
            count_of(state_of(ValkeyClient(url, connect_timeout_s=5, read_timeout_s=PATIENT_S)))
