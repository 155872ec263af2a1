"""`winnow serve --check`, and keys that are made on the command line."""

import shutil
import sys

import pytest
from typer.testing import CliRunner

from tests.valkey_server import valkey_server
from winnow.cli.main import app
from winnow.schema.errors import SettingsError
from winnow.serving.access.key_file import read_key_file
from winnow.serving.access.known_key import hash_of_key
from winnow.serving.access.role import Role
from winnow.serving.settings.setting import declared_settings
from winnow.serving.settings.settings import Settings


@pytest.fixture(autouse=True)
def nothing_is_set(monkeypatch):
    for each in declared_settings(Settings):
        monkeypatch.delenv(each.variable, raising=False)


def run(*arguments: object):
    return CliRunner().invoke(app, [str(each) for each in arguments])


def test_all_settings_are_printed_with_where_they_come_from_and_no_secret(bundle, tmp_path, monkeypatch):
    file = tmp_path / "winnow.yaml"
    file.write_text(f"demand_s: 9\ncursor_secret: {'hidden' * 6}\n")
    monkeypatch.setenv("WINNOW_API_KEYS", "read:hidden-key,hidden-too")
    result = run("serve", bundle, "--check", "--settings", file, "--port", 9000)
    lines = [line.split() for line in result.output.splitlines() if line]
    assert result.exit_code == 0, result.output
    assert [line[0] for line in lines if line[0].startswith("WINNOW_")] == [
        each.variable for each in declared_settings(Settings)
    ]
    for expected in (
        ["WINNOW_HOST", "127.0.0.1", "default"],
        ["WINNOW_PORT", "9000", "option"],
        ["WINNOW_API_KEYS", "(hidden)", "environment"],
        ["WINNOW_DEMAND_S", "9", str(file)],
        ["WINNOW_CURSOR_SECRET", "(hidden)", str(file)],
        ["keys", "good", "1", "for", "read,", "1", "for", "admin"],
    ):
        assert expected in lines
    assert lines[-1][:2] == ["bundle", "good"]
    assert "hidden-" not in result.output
    assert "hiddenhidden" not in result.output


def test_what_a_service_could_not_use_is_named_and_the_exit_status_is_one(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    (tmp_path / "keys").write_text("nonsense")
    monkeypatch.setenv("WINNOW_STATE", str(tmp_path / "file" / "state"))
    monkeypatch.setenv("WINNOW_EVENTS", str(tmp_path / "new" / "events"))
    monkeypatch.setenv("WINNOW_KEYS_FILE", str(tmp_path / "keys"))
    result = run("serve", tmp_path / "no-bundle", "--check")
    found = {line.split("  ")[0]: line for line in result.output.splitlines()}
    assert result.exit_code == 1
    for name, words in (("keys", "Line 1 of the keys file"), ("state", "is no folder"), ("bundle", "not a bundle")):
        assert "BAD" in found[name]
        assert words in found[name]
    assert "good" in found["event log"]
    assert not (tmp_path / "new").exists()


def test_the_bundle_that_a_registry_was_told_to_serve_is_opened(bundle, tmp_path):
    shutil.copytree(bundle, tmp_path / "mine")
    result = run("serve", tmp_path, "--check")
    assert result.exit_code == 1
    assert "no bundle was promoted yet; it has: mine" in result.output
    assert run("bundle", "promote", "mine", "--registry", tmp_path).exit_code == 0
    result = run("serve", tmp_path, "--check")
    assert result.exit_code == 0, result.output
    assert result.output.splitlines()[-1].split()[:2] == ["bundle", "good"]


def test_the_server_of_the_state_is_asked(tmp_path, monkeypatch):
    with valkey_server(tmp_path, appendonly="yes") as server:
        monkeypatch.setenv("WINNOW_VALKEY_URL", server.url)
        result = run("serve", "--check")
        assert result.exit_code == 0, result.output
        assert " answers" in result.output.splitlines()[-1]
    result = run("serve", "--check")
    assert result.exit_code == 1
    assert "does not answer" in result.output


@pytest.mark.parametrize(
    ("name", "value", "module", "part"),
    [
        ("WINNOW_GRPC_PORT", "8081", "grpc", "gRPC"),
        ("WINNOW_OTEL_ENDPOINT", "http://collector", "opentelemetry.sdk.trace", "traces"),
    ],
)
def test_an_extra_is_looked_for_and_missed_as_a_service_would(name, value, module, part, monkeypatch):
    monkeypatch.setenv(name, value)
    result = run("serve", "--check")
    assert result.exit_code == 0, result.output
    assert result.output.splitlines()[-1].split() == [part, "good", module, "is", "installed"]
    monkeypatch.setitem(sys.modules, module, None)
    assert isinstance(run("serve", "--check").exception, ModuleNotFoundError)


def test_without_a_bundle_a_service_does_not_start():
    assert isinstance(run("serve").exception, SettingsError)


def test_a_key_is_made_with_its_line_for_the_file(tmp_path):
    said = dict(
        line.split(": ") for line in run("keys", "new", "--role", "events", "--role", "read").output.splitlines()
    )
    (tmp_path / "keys").write_text(said["line"])
    [known] = read_key_file(tmp_path / "keys")
    assert known.hash == hash_of_key(said["key"].strip())
    assert known.roles == {Role.READ, Role.EVENTS}
    assert len(said["key"].strip()) >= 40


def test_a_role_that_is_none_makes_no_key():
    result = run("keys", "new", "--role", "write")
    assert isinstance(result.exception, SettingsError)
    assert "'write' is none of the roles; they are read, events, admin" in str(result.exception)
