"""Moves while others write and move."""

import math
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from tests.unit.stores.valkey_moves import CONFIG, SESSION, STEPS, CutClient, event, merges
from tests.valkey_server import PATIENT_S, valkey_server
from winnow.schema.errors import Unavailable
from winnow.schema.stable_hash import stable_hashes
from winnow.stores.valkey_client import ValkeyClient
from winnow.stores.valkey_keys import UserKeys
from winnow.stores.valkey_state import ValkeyState

EVENTS = 150
WRITERS, MOVERS = (SESSION, SESSION, "ann", "ann"), 3


@pytest.fixture
def state(tmp_path):
    with valkey_server(tmp_path) as server:
        client = ValkeyClient(server.url, connect_timeout_s=PATIENT_S, read_timeout_s=PATIENT_S)
        yield ValkeyState(client, replace(CONFIG, length=len(WRITERS) * EVENTS))
        client.close()


def write(state, number):
    """Each event is there at once, under one of the two names or on its way."""
    events = [event(f"{number} {n}", WRITERS[number], f"item {number} {n}", n) for n in range(EVENTS)]
    return sum(state.append([each]) for each in events)


def moved_whole(state):
    return sum(state.merge(SESSION, "ann") for _ in range(EVENTS))


def moved_in_pieces(state):
    """Cuts at each step in turn; nobody hears how many events came then."""
    for n in range(EVENTS):
        try:
            replace(state, client=CutClient(state.client, n % STEPS, is_sent=n % 2 == 0)).merge(SESSION, "ann")
        except Unavailable:
            continue


@pytest.mark.parametrize("move", [moved_whole, moved_in_pieces], ids=lambda each: each.__name__)
def test_what_is_written_and_moved_at_once_is_neither_lost_nor_doubled(state, move):
    with ThreadPoolExecutor(len(WRITERS) + MOVERS) as pool:
        writers = [pool.submit(write, state, number) for number in range(len(WRITERS))]
        movers = [pool.submit(move, state) for _ in range(MOVERS)]
        assert sum(each.result() for each in writers) == len(WRITERS) * EVENTS
        told = [each.result() for each in movers]
    last = state.merge(SESSION, "ann")
    if move is moved_whole:
        assert sum(told) + last == 2 * EVENTS
    events = state.read(["ann", SESSION], np.full(2, math.inf)).events.item_hashes
    wanted = stable_hashes(f"item {number} {n}" for number in range(len(WRITERS)) for n in range(EVENTS))
    assert Counter(events.row(0).tolist()) == Counter(wanted.tolist())
    assert not len(events.row(1))
    assert len(list(merges(state.client, UserKeys.of("ann").log))) > 1
    assert state.forget("ann") == len(WRITERS) * EVENTS
