import re
from pathlib import Path

import pytest

from winnow.schema.errors import SettingsError
from winnow.serving.process.begin_process import begin_process
from winnow.serving.settings.setting import declared_settings
from winnow.serving.settings.settings import Settings, read_settings, told

KEY, OTHER = "read:a-long-secret", "another-long-secret"


@pytest.fixture
def written(tmp_path):
    def write(text: str):
        file = tmp_path / "winnow.yaml"
        file.write_text(text)
        return file

    return write


def test_options_come_before_the_environment_and_that_before_the_file(written):
    file = written("host: 10.0.0.1\nport: 9001\ndemand_s: 7\n")
    said = told({"WINNOW_PORT": "9002", "WINNOW_HOST": "10.0.0.2"}, file, {"host": "10.0.0.3"})
    assert Settings(**said.values) == Settings(host="10.0.0.3", port=9002, demand_s=7)
    assert said.origins == {"host": "option", "port": "environment", "demand_s": str(file)}


def test_a_variable_names_the_file_unless_an_option_does(written):
    named = written("port: 9001")
    assert read_settings({"WINNOW_SETTINGS": str(named)}).port == 9001
    other = named.with_name("other.yaml")
    other.write_text("port: 9002")
    assert read_settings({"WINNOW_SETTINGS": str(named)}, other).port == 9002


def test_a_file_means_what_the_environment_means(written):
    file = written(
        f"api_keys: [{KEY!r}, {OTHER}]\nlog_requests: yes\nstate: /var/lib/winnow\nfeast:\nlog_level: DEBUG\n"
    )
    variables = {
        "WINNOW_API_KEYS": f"{KEY},{OTHER}",
        "WINNOW_LOG_REQUESTS": "yes",
        "WINNOW_STATE": "/var/lib/winnow",
        "WINNOW_FEAST": "",
        "WINNOW_LOG_LEVEL": "DEBUG",
    }
    assert read_settings({}, file) == read_settings(variables)


def test_an_empty_file_says_nothing(written):
    assert read_settings({}, written("# nothing yet\n")) == Settings()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ports: 1", r"'ports' of .*winnow.yaml is no setting. Was port meant\?"),
        ("WINNOW_PORT: 1", "'WINNOW_PORT' of .* is no setting."),
        ("7: 1", "'7' of .* is no setting."),
        ("port: many", "'port' of .* is 'many'; it takes a whole number from 0 to 65535"),
        ("port: 80.5", "'port' of .* is '80.5'; it takes a whole number"),
        ("port: 65536", "'port' of .* is 65536; it takes a whole number"),
        ("port: {a: b}", "'port' of .* it takes a whole number"),
        ("log_requests: maybe", "'log_requests' of .* is 'maybe'; it takes true or false"),
        ("cursor_secret: 012345670123456701234567012345670123", "'cursor_secret' of .* is no text; write it in quotes"),
        ("- port", "is no mapping"),
        ("port: [", "is not YAML near line 1"),
        ("port: !!python/object/apply:os.getpid []", "is not YAML near line 1"),
    ],
)
def test_a_file_that_is_wrong_is_refused_with_its_place(written, text, words):
    with pytest.raises(SettingsError, match=words):
        read_settings({}, written(text))


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(SettingsError, match=r"settings file .*absent.yaml cannot be read: No such file"):
        read_settings({}, tmp_path / "absent.yaml")


@pytest.mark.parametrize(
    "text", ["api_keys: 'hidden,'", "cursor_secret: [hidden, {hidden: 1}]", "cursor_secret: hidden: ["]
)
def test_no_sentence_about_a_file_quotes_a_secret(written, text):
    with pytest.raises(SettingsError) as caught:
        read_settings({}, written(text))
    assert "hidden" not in str(caught.value)
    assert caught.value.__cause__ is None or "hidden" not in str(caught.value.__cause__)


def test_variables_that_nobody_reads_are_told_with_the_nearest_name():
    said = told({"WINNOW_PROT": "1", "WINNOW_DATA": "x", "WINNOW_SETTINGS": "", "OTHER": "y", "WINNOW_PORT": "2"})
    assert said.strays == ("The variable WINNOW_PROT is no setting of Winnow, and is not read. Was WINNOW_PORT meant?",)


def test_a_process_begins_with_its_settings_and_tells_of_strays_in_its_log(monkeypatch, caplog):
    monkeypatch.setenv("WINNOW_PROT", "1")
    assert begin_process(options={"port": 9000}).port == 9000
    assert [each.getMessage() for each in caplog.records if "WINNOW_PROT " in each.getMessage()] != []


@pytest.mark.parametrize("each", declared_settings(Settings), ids=lambda each: each.name)
def test_every_setting_takes_its_default_and_shows_no_secret(each):
    each.kind.check(each.default)
    assert each.what
    assert each.kind.takes
    assert not each.is_secret or each.shown("a secret") == "(hidden)"


@pytest.mark.parametrize("given", [{"port": 65_536}, {"log_level": "loud"}, {"host": ""}, {"cursor_secret": b"short"}])
def test_settings_are_held_against_their_kinds_however_they_are_made(given):
    with pytest.raises(SettingsError, match=f"WINNOW_{next(iter(given)).upper()} "):
        Settings(**given)


def test_the_page_lists_every_setting_as_it_is_declared():
    page = (Path(__file__).parents[4] / "docs" / "howto" / "serve.md").read_text()
    without_links = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", page)
    rows = re.findall(r"^\| `WINNOW_.*$", without_links, re.MULTILINE)
    assert rows == [
        f"| `{each.variable}` | `{each.shown(each.default)}` | {each.kind.takes} | {each.what} |".replace(
            "`none`", "none"
        )
        for each in declared_settings(Settings)
    ]
