"""What is known of a visitor, for people to read."""

import numpy as np

from winnow.api.limits import MAX_SHOWN_EVENTS
from winnow.api.visitor_state import KnownEvent, SeenItems, VisitorState
from winnow.engine.engine import Engine
from winnow.features.feature_words import Words, feature_words
from winnow.pipeline.candidates import Candidates
from winnow.pipeline.catalogue import Catalogue
from winnow.pipeline.filters import SEEN_FILTER
from winnow.pipeline.requests import NO_ROWS, Requests
from winnow.pipeline.state_hydrator import StateHydrator, last_events
from winnow.schema.column import Bools, Ragged, one_row
from winnow.schema.schema import EventType
from winnow.schema.session_name import SESSION_PREFIX, is_session
from winnow.stores.seen_days import no_days

TYPES = tuple(EventType)
DECIMALS = 3


def visitor_state_of(engine: Engine, name: str, types: Bools, *, now: float) -> VisitorState:
    """What the next request of a visitor would be answered from, read by the code that reads it then.

    Args:
        engine: that answers.
        name: a user id, or a `session_name`.
        types: bool [number of event types], of which events are told.
        now: UTC seconds.

    Raises:
        Unavailable: a store does not answer.
    """
    requests = _known(engine, name, now)
    anonymous = is_session(name)
    return {
        "bundle": engine.name,
        "user_id": None if anonymous else name,
        "session_id": name.removeprefix(SESSION_PREFIX) if anonymous else None,
        "forgotten": bool(requests.array("forgotten")[0]),
        "events_known": len(requests.ragged("event_types").values),
        "events": _events(engine.catalogue, requests, types),
        "seen": _seen(engine, requests),
        "past_events": 0 if engine.users is None else engine.users.events(name),
        "features": _features(engine, requests),
    }


def _known(engine: Engine, name: str, now: float) -> Requests:
    """One request that asks for nothing, with what is known of the visitor."""
    asked = Requests(
        request_ids=("",),
        user_ids=(name,),
        at=np.array([now]),
        k=np.zeros(1, np.int64),
        exclude=Ragged(NO_ROWS, np.zeros(2, np.int64)),
        seeds=np.zeros(1, np.uint64),
    )
    return asked.with_columns(StateHydrator(store=engine.state, catalogue=engine.catalogue).columns(asked))


def _features(engine: Engine, requests: Requests) -> dict[str, Words]:
    """In words; none of one of whom nothing is said."""
    if engine.users is None or engine.assembly is None:
        return {}
    users, names = engine.assembly.users, ("user_codes", "user_values")
    said, nothing = (requests.with_columns(each(requests)) for each in (users.columns, users.missing))
    if all(np.array_equal(said.array(name), nothing.array(name)) for name in names):
        return {}
    codes, values = (said.array(name)[0] for name in names)
    return feature_words(engine.users.fitted, codes, values)


def _events(catalogue: Catalogue, requests: Requests, types: Bools) -> list[KnownEvent]:
    """Latest first."""
    names = ("event_rows", "event_types", "event_ages")
    places, _ = last_events(requests, MAX_SHOWN_EVENTS, types)
    columns = [requests.ragged(each).values[places[::-1]].tolist() for each in names]
    now = float(requests.at[0])
    return [_event(catalogue, row, code, age_s, now) for row, code, age_s in zip(*columns, strict=True)]


def _event(catalogue: Catalogue, row: int, code: int, age_s: float, now: float) -> KnownEvent:
    return {
        "item_id": catalogue.item_ids[row] if row >= 0 else None,
        "title": catalogue.cards[row].get("title") if row >= 0 else None,
        "type": TYPES[code],
        "timestamp": round(now - age_s, DECIMALS),
        "age_s": round(age_s, DECIMALS),
    }


def _seen(engine: Engine, requests: Requests) -> SeenItems:
    nothing = no_days(1)
    exact = requests.with_columns({"seen_bits": nothing.bits, "seen_sizes": nothing.sizes})
    return {
        "items": len(_hidden(engine, requests)),
        "item_ids": [engine.catalogue.item_ids[row] for row in _hidden(engine, exact)],
        "bitmap_bytes": requests.ragged("seen_sizes").values.tolist(),
    }


def _hidden(engine: Engine, requests: Requests) -> list[int]:
    """Rows of the items that the filter of seen items takes out of the whole catalogue."""
    every = np.arange(len(engine.catalogue))
    kept = Candidates(item_rows=every, offsets=one_row(len(every)))
    for stage in engine.pipeline.filters:
        if stage.name == SEEN_FILTER:
            kept = stage(requests, kept)
    return np.setdiff1d(every, kept.item_rows).tolist()
