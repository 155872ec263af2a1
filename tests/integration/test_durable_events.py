"""A service is killed at work, and what it had acknowledged is known to the next one."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from winnow.api.client import Client
from winnow.api.events import VisitorEvent
from winnow.schema.errors import Unavailable
from winnow.schema.schema import EventType

KEY = "a-key-of-the-tests"
ROUNDS = 2


@contextmanager
def serving(bundle: Path, state: Path) -> Iterator[tuple[subprocess.Popen[str], Client]]:
    """A process of its own, which is killed at the end if it still lives."""
    environment = {**os.environ, "WINNOW_STATE": str(state), "WINNOW_API_KEYS": KEY, "COLUMNS": "200"}
    command = [sys.executable, "-m", "winnow.cli.main", "serve", str(bundle), "--port", "0"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            said = next(line for line in process.stdout if "http://" in line)
            client = Client(re.findall(r"http://[\d.:]+", said)[0], KEY)
            yield process, client
            client.close()
        finally:
            process.kill()


def shown(client: Client, user: str) -> list[str]:
    return [item["item_id"] for item in client.recommend(user, k=30)["items"]]


def test_what_was_acknowledged_is_known_after_the_process_was_killed(bundle: Path, tmp_path: Path):
    clicked: dict[str, str] = {}
    for number in range(ROUNDS):
        with serving(bundle, tmp_path / "state") as (process, client):
            for user, item in clicked.items():
                assert item not in shown(client, user), "an acknowledged click was lost"
            for place in range(5):
                user = f"newcomer {number} {place}"
                item = shown(client, user)[place]
                again = VisitorEvent(user_id=user, item_id=item, type=EventType.CLICK, event_id=user)
                assert client.events([again]) == {"accepted": 1, "duplicates": 0}
                clicked[user] = item
            process.send_signal(signal.SIGKILL)
            process.wait()
            with pytest.raises(Unavailable):
                client.ready()
    with serving(bundle, tmp_path / "state") as (_, client):
        assert not [user for user, item in clicked.items() if item in shown(client, user)]
        user, item = next(iter(clicked.items()))
        again = VisitorEvent(user_id=user, item_id=item, type=EventType.CLICK, event_id=user)
        assert client.events([again]) == {"accepted": 0, "duplicates": 1}


def test_an_event_is_known_to_the_very_next_request_a_thousand_times(client: Client):
    items = shown(client, "nobody yet")
    for number in range(1_000):
        user, item = f"one of a thousand, {number}", items[number % len(items)]
        client.events([VisitorEvent(user_id=user, item_id=item, type=EventType.CLICK)])
        assert item not in [each["item_id"] for each in client.recommend(user, k=30)["items"]]
