"""`winnow client` against a service on a real port."""

import json

import pytest
from typer.testing import CliRunner

from tests.unit.serving.conftest import KEY
from tests.unit.serving.live_service import live_service
from tests.unit.serving.small_engine import SilentState, small_engine
from winnow.cli.main import app
from winnow.schema.errors import WinnowError
from winnow.serving.access.known_key import hashed_keys
from winnow.serving.settings.settings import Settings


@pytest.fixture(scope="module")
def url():
    with live_service(small_engine(), Settings(port=0, key_hashes=hashed_keys([KEY]))) as (host, port):
        yield f"http://{host}:{port}"


@pytest.fixture
def run(url):
    def call(*arguments: object, key: str = KEY, given: str | None = None, at: str = url):
        environment = {"WINNOW_API_KEY": key, "WINNOW_URL": at, "COLUMNS": "200"}
        return CliRunner().invoke(app, ["client", *map(str, arguments)], env=environment, input=given)

    return call


def output(result) -> str:
    assert result.exit_code == 0, (result.output, result.exception)
    return result.output


@pytest.mark.parametrize("command", ["", "recommend", "event", "score", "why", "shop", "batch"])
def test_every_command_teaches_with_an_example(run, command):
    told = output(run(*command.split(), "--help"))
    assert f"winnow client {command}".strip() in told
    if command:
        assert "WINNOW_API_KEY" in told


def test_a_list_is_a_table_with_its_way(run):
    lines = output(run("recommend", "--k", 2, "--exclude", "item-1", "--context", "device_type=phone", "--trace"))
    first, second, *trace = lines.splitlines()
    assert first.split() == ["1", "8.000", "item-0", "Item", "0"]
    assert second.split() == ["2", "6.000", "item-2", "Item", "2"]
    assert [line.split()[0] for line in trace][:2] == ["state", "popular"]
    assert "trace" not in json.loads(output(run("recommend", "--json")))


def test_the_next_page_is_asked_for_with_what_the_first_ended_with(run):
    first = output(run("recommend", "--k", 1)).splitlines()
    assert [line.split()[:3] for line in first[:1]] == [["1", "8.000", "item-0"]]
    second = output(run("recommend", "--k", 1, *first[-1].split()[1:])).splitlines()
    assert second[0].split()[2] == "item-1"


def test_only_what_is_allowed_comes_and_a_budget_that_is_spent_is_told(run):
    told = output(run("recommend", "--allow", "item-2", "--allow", "item-3", "--budget-ms", 0)).splitlines()
    assert {line.split()[2] for line in told[:2]} == {"item-2", "item-3"}
    assert told[-1].startswith("Skipped, for want of an answer: ")


def test_where_nothing_may_be_shown_that_is_said(run):
    assert output(run("recommend", "--allow", "an item that there is not")).startswith("No item to show: ")


def test_where_nothing_is_asked_for_there_is_nothing_to_say(run):
    assert output(run("recommend", "-k", 0)) == ""


def test_what_may_be_asked_is_told_line_by_line(run):
    told = {line.split()[0]: line.split(maxsplit=1)[1] for line in output(run("shop")).splitlines()}
    assert told["context.device_type"] == "category"
    assert (told["k"], told["diversity"], told["by"]) == ("0 to 1000, 10 by default", "no", "behaviour")
    assert json.loads(output(run("shop", "--json")))["select"] == "score"


def test_what_was_told_counts_at_once(run):
    assert output(run("event", "--session", "s", "--item", "item-0")) == "click of item-0: stored.\n"
    assert json.loads(output(run("event", "--session", "s", "--item", "item-1", "--json"))) == {
        "accepted": 1,
        "duplicates": 0,
    }
    assert output(run("recommend", "--session", "s", "-k", 1)).split()[:3] == ["1", "6.000", "item-2"]
    told = output(run("score", "--session", "s", "item-3", "item-0", "nothing"))
    assert "item-0  Item 0  (out by: seen)" in told
    assert "Unknown: nothing." in told
    assert json.loads(output(run("score", "item-3", "--json")))["items"][0]["rank"] == 1


def test_a_reason_is_a_sentence_above_what_the_sources_say(run):
    told = output(run("why", "--item", "item-5", "--k", 2, "--filters", '{"colour": ["red"]}')).splitlines()
    assert told[0].startswith("'item-5' is not in the answer: it does not fit the filters")
    assert told[1].split()[0] == "popular"
    assert json.loads(output(run("why", "--item", "item-0", "--json")))["rank"] == 1


def test_a_file_of_requests_becomes_a_line_for_each(run, tmp_path):
    file = tmp_path / "requests.jsonl"
    file.write_text('{"k": 1}\n\n{"k": -1}\n')
    answers = [json.loads(line) for line in output(run("batch", file)).splitlines()]
    assert [sorted(each) for each in answers] == [["bundle", "cursor", "degraded", "items", "request_id"], ["error"]]
    (same,) = [json.loads(line) for line in output(run("batch", "-", given='{"k": 1}')).splitlines()]
    assert same["items"] == answers[0]["items"]


def test_what_was_skipped_is_said(run):
    with live_service(small_engine(state=SilentState()), Settings(port=0)) as (host, port):
        told = output(run("recommend", "-k", 1, key="", at=f"http://{host}:{port}"))
    assert "Skipped, for want of an answer: state." in told


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["recommend", "--filters", "price"], "--filters is not JSON"),
        (["recommend", "--filters", "[1]"], "a JSON object such as"),
        (["recommend", "--context", "device_type"], "is not name=value"),
        (["recommend", "--diversity", "0.5"], "'diversity' is 0.5, and the recipe"),
        (["recommend", "--explore", "0.5"], "'explore' is 0.5, and the recipe"),
        (["event", "--item", "item-0"], "'events[0].user_id' is missing"),
        (["event", "--item", "item-0", "--user", "a", "--type", "buy"], "--type is one of: impression, view, "),
        (["why", "--item", "nothing"], "No item has the text 'nothing' for its id"),
        (["batch", "no-such-file"], "no-such-file"),
    ],
)
def test_a_mistake_is_a_sentence(run, arguments, words):
    result = run(*arguments)
    assert result.exit_code == 1
    assert isinstance(result.exception, WinnowError | OSError)
    assert words in str(result.exception)


def test_who_has_no_key_is_told_where_keys_go(run):
    result = run("event", "--item", "item-0", "--user", "a", key="")
    assert "This route needs an API key." in str(result.exception)
