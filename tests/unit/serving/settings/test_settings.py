import hashlib
from pathlib import Path

import pytest

from winnow.schema.errors import SettingsError
from winnow.serving.access.role import Role
from winnow.serving.settings.settings import Settings, environment_of, read_settings
from winnow.serving.settings.worker_seat import WorkerSeat


def test_nothing_set_listens_on_this_machine_only_without_keys():
    assert read_settings({}) == Settings(host="127.0.0.1", port=8080, key_hashes=(), log_level="info")


def test_every_variable_is_read():
    settings = read_settings(
        {
            "WINNOW_HOST": "10.1.2.3",
            "WINNOW_PORT": "9000",
            "WINNOW_GRPC_PORT": "9001",
            "WINNOW_API_KEYS": "one, two",
            "WINNOW_LOG_LEVEL": "DEBUG",
            "WINNOW_FEAST": " features ",
            "WINNOW_CURSOR_SECRET": f" {'s' * 32} ",
            "WINNOW_CURSOR_LIFE_S": "60",
            "WINNOW_DEMAND_S": "0",
            "WINNOW_BUDGET_MS": "50",
            "WINNOW_CORS_ORIGINS": "https://shop.example, http://localhost:3000",
        }
    )
    assert (settings.host, settings.port, settings.log_level) == ("10.1.2.3", 9000, "debug")
    assert (settings.grpc_port, read_settings({}).grpc_port) == (9001, 0)
    assert settings.feast == Path("features")
    assert (settings.cursor_secret, settings.cursor_life_s) == (b"s" * 32, 60)
    assert (settings.demand_s, read_settings({}).demand_s) == (0, 5)
    assert (settings.budget_ms, read_settings({}).budget_ms) == (50, 200)
    assert settings.cors_origins == ("https://shop.example", "http://localhost:3000")
    assert read_settings({}).cors_origins == ()
    assert [each.hash for each in settings.key_hashes] == [hashlib.sha256(key).digest() for key in (b"one", b"two")]
    assert {each.roles for each in settings.key_hashes} == {frozenset({Role.ADMIN})}


def test_the_environment_of_the_process_is_the_default(monkeypatch):
    monkeypatch.setenv("WINNOW_PORT", "8123")
    assert read_settings().port == 8123


@pytest.mark.parametrize("blank", ["", "  "])
def test_blank_keys_are_no_keys_and_a_blank_secret_is_none(blank):
    assert read_settings({"WINNOW_API_KEYS": blank}).key_hashes == ()
    assert read_settings({"WINNOW_CURSOR_SECRET": blank}).cursor_secret == b""


def test_any_bytes_of_the_environment_are_a_secret():
    assert read_settings({"WINNOW_CURSOR_SECRET": "\udcff" * 32}).cursor_secret == b"\xff" * 32


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("WINNOW_PORT", "tcp://10.0.0.1:8080", "WINNOW_PORT is 'tcp://10.0.0.1:8080'; it takes a whole number"),
        ("WINNOW_PORT", "65536", "from 0 to 65535"),
        ("WINNOW_PORT", "-1", "from 0 to 65535"),
        ("WINNOW_GRPC_PORT", "grpc", "WINNOW_GRPC_PORT is 'grpc'; it takes a whole number from 0 to 65535"),
        (
            "WINNOW_GRPC_PORT",
            "8080",
            r"\(WINNOW_GRPC_PORT\) is 8080, as is that of HTTP \(WINNOW_PORT\); each needs its own",
        ),
        ("WINNOW_RETRIEVAL_SHARE", "0", "is 0.0; it takes a number above 0 to 1"),
        ("WINNOW_RETRIEVAL_SHARE", "1.1", "above 0 to 1"),
        ("WINNOW_HOST", "", "WINNOW_HOST"),
        ("WINNOW_LOG_LEVEL", "loud", "it takes one of: debug, info"),
        ("WINNOW_API_KEYS", "secret,", "WINNOW_API_KEYS holds an empty key in place 2"),
        ("WINNOW_API_KEYS", "good,my secret", "WINNOW_API_KEYS holds in place 2 a key with a space"),
        ("WINNOW_API_KEYS", "schl\u00fcssel", "WINNOW_API_KEYS holds in place 1"),
        ("WINNOW_CURSOR_SECRET", "s" * 31, "WINNOW_CURSOR_SECRET has 31 bytes; it takes 32 bytes or more"),
        (
            "WINNOW_CURSOR_LIFE_S",
            "30 min",
            "WINNOW_CURSOR_LIFE_S is '30 min'; it takes a whole number from 1 to 2592000",
        ),
        ("WINNOW_CURSOR_LIFE_S", "0", "WINNOW_CURSOR_LIFE_S is 0; it takes a whole number from 1"),
        ("WINNOW_CURSOR_LIFE_S", "2592001", "from 1 to 2592000"),
        ("WINNOW_WORKERS", "many", "WINNOW_WORKERS is 'many'; it takes a whole number from 1 to 256"),
        ("WINNOW_WORKERS", "0", "WINNOW_WORKERS is 0; it takes a whole number from 1 to 256"),
        ("WINNOW_BUDGET_MS", "-1", "WINNOW_BUDGET_MS is -1; it takes a whole number from 0"),
        ("WINNOW_CORS_ORIGINS", "https://shop.example/", "WINNOW_CORS_ORIGINS has 'https://shop.example/'"),
        ("WINNOW_OTEL_ENDPOINT", "foo", "WINNOW_OTEL_ENDPOINT is no address that begins with http:// or https://"),
        ("WINNOW_OTEL_ENDPOINT", "collector:4318", "it takes http://collector:4318"),
        ("WINNOW_OTEL_ENDPOINT", "http://:4318", "and a host; it takes"),
        ("WINNOW_OTEL_ENDPOINT", "http://collector:many", "and a host; it takes"),
        ("WINNOW_DEMAND_S", "soon", "WINNOW_DEMAND_S is 'soon'; it takes a whole number from 0 to 86400"),
        ("WINNOW_DEMAND_S", "-1", "WINNOW_DEMAND_S is -1; it takes a whole number from 0"),
    ],
)
def test_a_wrong_value_is_refused_by_name(variable, value, words):
    with pytest.raises(SettingsError, match=words):
        read_settings({variable: value})


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("WINNOW_API_KEYS", "hidden,"),
        ("WINNOW_API_KEYS", "hidden, my hidden"),
        ("WINNOW_CURSOR_SECRET", "hidden"),
        ("WINNOW_OTEL_ENDPOINT", "me:hidden@collector:4318"),
    ],
)
def test_no_message_holds_a_key_or_a_secret(variable, value):
    with pytest.raises(SettingsError) as caught:
        read_settings({variable: value})
    assert "hidden" not in str(caught.value)


def test_settings_that_are_printed_show_neither_keys_nor_hashes_nor_secrets():
    settings = read_settings({"WINNOW_API_KEYS": "secret", "WINNOW_CURSOR_SECRET": "secret" * 6})
    assert "secret" not in repr(settings)
    assert "key_hashes" not in repr(settings)


def test_a_state_folder_is_a_path_and_an_empty_one_is_none():
    assert read_settings({"WINNOW_STATE": " /var/lib/winnow "}).state == Path("/var/lib/winnow")
    assert read_settings({"WINNOW_STATE": ""}).state is None


def test_the_folder_of_the_event_log_comes_from_the_environment():
    assert read_settings({"WINNOW_EVENTS": " /data/events "}).events == Path("/data/events")
    assert read_settings({"WINNOW_EVENTS": " "}).events is None


@pytest.mark.parametrize("told", ["", "http://collector:4318", "https://me:word@[::1]/v1/traces"])
def test_a_collector_has_a_web_address_or_there_is_none(told):
    assert read_settings({"WINNOW_OTEL_ENDPOINT": f" {told} "}).otel_endpoint == told


def test_workers_want_a_server_that_they_share():
    assert read_settings({"WINNOW_WORKERS": "3", "WINNOW_VALKEY_URL": "valkey://host"}).workers == 3
    with pytest.raises(SettingsError, match=r"3 workers \(WINNOW_WORKERS\) .* Name a Valkey server"):
        read_settings({"WINNOW_WORKERS": "3"})


def test_a_worker_reads_its_seat_and_its_secret_from_what_its_supervisor_tells_it():
    seat = WorkerSeat(name="ä 1", port=8080, lifeline=7, metrics=Path("/tmp/x y"))  # noqa: S108 - nobody writes there
    told = read_settings(environment_of(seat, b"s" * 32))
    assert (told.seat, told.cursor_secret) == (seat, b"s" * 32)
    assert read_settings({}).seat is None
