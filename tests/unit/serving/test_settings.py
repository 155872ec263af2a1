import hashlib
from pathlib import Path

import pytest

from winnow.schema.errors import SettingsError
from winnow.serving.settings import Settings, read_settings


def test_nothing_set_listens_on_this_machine_only_without_keys():
    assert read_settings({}) == Settings(host="127.0.0.1", port=8080, key_hashes=(), log_level="info")


def test_every_variable_is_read():
    settings = read_settings(
        {
            "WINNOW_HOST": "10.1.2.3",
            "WINNOW_PORT": "9000",
            "WINNOW_API_KEYS": "one, two",
            "WINNOW_LOG_LEVEL": "DEBUG",
        }
    )
    assert (settings.host, settings.port, settings.log_level) == ("10.1.2.3", 9000, "debug")
    assert settings.key_hashes == tuple(hashlib.sha256(key).digest() for key in (b"one", b"two"))


def test_the_environment_of_the_process_is_the_default(monkeypatch):
    monkeypatch.setenv("WINNOW_PORT", "8123")
    assert read_settings().port == 8123


@pytest.mark.parametrize("blank", ["", "  "])
def test_blank_keys_are_no_keys(blank):
    assert read_settings({"WINNOW_API_KEYS": blank}).key_hashes == ()


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("WINNOW_PORT", "tcp://10.0.0.1:8080", "WINNOW_PORT is 'tcp://10.0.0.1:8080'; it takes a whole number"),
        ("WINNOW_PORT", "65536", "from 0 to 65535"),
        ("WINNOW_PORT", "-1", "from 0 to 65535"),
        ("WINNOW_HOST", "", "WINNOW_HOST"),
        ("WINNOW_LOG_LEVEL", "loud", "it takes one of: debug, info"),
        ("WINNOW_API_KEYS", "secret,", "Key 2 of WINNOW_API_KEYS is empty"),
        ("WINNOW_API_KEYS", "good,my secret", "Key 2 of WINNOW_API_KEYS holds a space"),
        ("WINNOW_API_KEYS", "schl\u00fcssel", "Key 1 of WINNOW_API_KEYS"),
    ],
)
def test_a_wrong_value_is_refused_by_name(variable, value, words):
    with pytest.raises(SettingsError, match=words):
        read_settings({variable: value})


@pytest.mark.parametrize("keys", ["secret,", "secret, my secret"])
def test_no_message_holds_a_key(keys):
    with pytest.raises(SettingsError) as caught:
        read_settings({"WINNOW_API_KEYS": keys})
    assert "secret" not in str(caught.value)


def test_settings_that_are_printed_show_neither_keys_nor_hashes():
    settings = read_settings({"WINNOW_API_KEYS": "secret"})
    assert "secret" not in repr(settings)
    assert "key" not in repr(settings)


def test_a_state_folder_is_a_path_and_an_empty_one_is_none():
    assert read_settings({"WINNOW_STATE": " /var/lib/winnow "}).state == Path("/var/lib/winnow")
    assert read_settings({"WINNOW_STATE": ""}).state is None
