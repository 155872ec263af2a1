"""A ranker learns from what visitors chose of its own lists; the truth is a visitor with weights of ours."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from typer.testing import CliRunner

from winnow.api.recommendations import RecommendationRequest
from winnow.bundle.bundle import Bundle
from winnow.cli.main import app
from winnow.data.positive_outcomes import positive_outcomes
from winnow.engine.engine import Engine
from winnow.engine.open_engine import open_engine
from winnow.engine.trial import trial
from winnow.models.wide import RETRIEVAL, kinds_of, said_of, weighed
from winnow.ops.served_choices import served_choices
from winnow.schema.schema import EventType
from winnow.schema.session_name import is_session
from winnow.serving.event_log.logged_events import logged_events
from winnow.serving.event_log.logged_lists import logged_lists
from winnow.serving.event_log.served_list import ServedList
from winnow.serving.event_log.served_log import ServedLog
from winnow.serving.routes.recommendations_route import one_request
from winnow.stores.durable_state import DurableState
from winnow.stores.event import Event
from winnow.stores.state_config import StateConfig

LISTS, SHOWN = 600, 6
CONFIG = StateConfig(length=10, counted=np.ones(len(EventType), bool))


def weight_of(bundle: Path) -> torch.Tensor:
    return load_file(bundle / "ranker" / "weights.safetensors")["weight"]


def lists_of(engine: Engine) -> list[ServedList]:
    until = engine.stock.counts.until
    users = [name for name in engine.users.past.user_ids if not is_session(name)][:149]
    users.append("nobody knows")
    found = []
    for number in range(LISTS):
        asked = RecommendationRequest(user_id=users[number % len(users)], k=10)
        at = until + 3_600.0 * number / len(users)
        requests = one_request(engine, asked, f"r{number}", at)
        answer = engine.pipeline(requests)
        found.append(ServedList.of(engine, answer, asked, 0, at))
    return found


def chosen(served: ServedList, weight: torch.Tensor, looks: np.ndarray, generator: np.random.Generator) -> int:
    """Which of the first places a visitor of these weights clicks."""
    inputs = {name: torch.from_numpy(each[None]) for name, each in {**served.request, **served.candidates}.items()}
    logits = weighed(said_of(inputs), kinds_of(inputs), weight)[0, :SHOWN].numpy().astype(np.float64)
    logits += np.log(looks[np.minimum(np.arange(1, SHOWN + 1), len(looks) - 1)])
    return int(np.argmax(logits + generator.gumbel(size=SHOWN)))


def log_of(folder: Path, lists: list[ServedList], weight: torch.Tensor, looks: np.ndarray) -> Path:
    log, state, generator = folder / "log", folder / "state", np.random.default_rng(7)
    served = ServedLog.open(log, lambda _: None, lambda _: None)
    store = DurableState.open(state, CONFIG)
    for each in lists:
        served.tell(each)
        events = [
            *((place, EventType.IMPRESSION) for place in range(SHOWN)),
            (chosen(each, weight, looks, generator), EventType.CLICK),
        ]
        store.append(
            [
                Event(
                    event_id=f"{each.request_id}.{place}.{kind}",
                    user_id=each.user_id,
                    item_id=each.item_ids[place],
                    type=str(kind),
                    at=each.at + 1,
                    request_id=each.request_id,
                )
                for place, kind in events
            ]
        )
    served.close()
    store.close()
    answer = CliRunner().invoke(app, ["worker", "--once", "--events", str(log)], env={"WINNOW_STATE": str(state)})
    assert answer.exit_code == 0, answer.output
    return log


@pytest.fixture(scope="module")
def served(bundle: Path):
    engine = open_engine(bundle)
    return engine, lists_of(engine), engine.assembly.clicks.looks


def finetuned(bundle: Path, log: Path, out: Path):
    return CliRunner().invoke(app, ["finetune", str(bundle), "--events", str(log), "--out", str(out)])


def test_weights_move_to_what_visitors_choose_and_nothing_else_changes(bundle, served, tmp_path):
    engine, lists, looks = served
    before = weight_of(bundle)
    truth = before.clone()
    truth[:, RETRIEVAL] += 2.0  # the towers' logit counts more for them
    log = log_of(tmp_path, lists, truth, looks)
    answer = finetuned(bundle, log, tmp_path / "new")
    assert answer.exit_code == 0, (answer.output, answer.exception)
    old, new = Bundle.open(bundle).manifest, Bundle.open(tmp_path / "new").manifest
    changed = {name for name, files in new.parts.items() if files != old.parts[name]}
    assert (changed, new.parts.keys()) == ({"ranker", "canary"}, old.parts.keys())
    assert (new.space_id, new.data["finetuned_from"]) == (old.space_id, old.digest)
    assert new.training_metrics["served_choices"] == LISTS
    assert new.training_metrics["choice_after"] < new.training_metrics["choice_before"]
    choices = served_choices(logged_lists(log, old.digest), logged_events(log), positive_outcomes(engine.schema), looks)
    after = weight_of(tmp_path / "new")
    inputs, _, _ = choices.tensors()
    said, kinds = said_of(inputs), kinds_of(inputs)
    wanted, had, got = (weighed(said, kinds, each).numpy() for each in (truth, before, after))
    shown = choices.looks > -1e8
    spread = [np.where(shown, each, 0).std() for each in (got - wanted, had - wanted)]
    assert spread[0] < 0.5 * spread[1], "what they choose by is learned, not only that it is something else"
    tuned = open_engine(tmp_path / "new")
    assert "answered as in training: 100.0%" in trial(tuned)
    assert tuned.canaries.users == engine.canaries.users
    asked = one_request(tuned, RecommendationRequest(user_id=lists[0].user_id, k=10), "r", lists[0].at)
    assert not np.array_equal(tuned.pipeline(asked).scores, engine.pipeline(asked).scores)


def test_visitors_who_choose_as_the_ranker_thinks_prove_nothing(bundle, served, tmp_path):
    _, lists, looks = served
    answer = finetuned(bundle, log_of(tmp_path, lists, weight_of(bundle), looks), tmp_path / "new")
    assert answer.exit_code == 1
    assert "choices do not prove that other weights would do better" in str(answer.exception)
    assert not (tmp_path / "new").exists()


def test_what_was_read_is_given_back_as_it_was_and_a_list_without_impressions_teaches_nothing(served, tmp_path):
    engine, lists, looks = served
    degraded = replace(lists[2], degraded=("state",))
    log = log_of(tmp_path, [lists[0], degraded, lists[4]], weight_of_nothing(engine), looks)
    events = logged_events(log)
    choices = served_choices(logged_lists(log, engine.digest), events, ["click"], looks)
    assert choices.at.tolist() == [lists[0].at, lists[4].at]
    for row, each in zip((0, 1), (lists[0], lists[4]), strict=True):
        clicked = [
            event["item_id"]
            for event in events.to_pylist()
            if event["request_id"] == each.request_id and event["type"] == "click"
        ]
        places = [each.item_ids.index(clicked[0])]
        places += [place for place in range(SHOWN) if place not in places]
        for name, told in each.candidates.items():
            np.testing.assert_array_equal(choices.inputs[name][row], told[places], err_msg=name)
        for name, told in each.request.items():
            np.testing.assert_array_equal(choices.inputs[name][row], told, err_msg=name)
        wanted = np.log(looks[np.minimum(np.add(places, 1), len(looks) - 1)])
        np.testing.assert_allclose(choices.looks[row], wanted, rtol=1e-6)
    clicks = events.filter([kind == "click" for kind in events["type"].to_pylist()])
    assert len(served_choices(logged_lists(log, engine.digest), clicks, ["click"], looks)) == 0


def weight_of_nothing(engine: Engine) -> torch.Tensor:
    inputs = engine.assembly.ranker.session.get_inputs()
    width = sum(each.shape[-1] for each in inputs if each.name in ("match", "source_features", "clicks"))
    return torch.zeros(3, width + 1)  # the logit of retrieval


@pytest.mark.parametrize(
    ("lists", "sentence"), [(0, "tells of 0 clicks on lists of"), (None, "is no folder of an event log")]
)
def test_too_little_is_said(bundle, served, tmp_path, lists, sentence):
    engine, made, looks = served
    log = tmp_path / "log" if lists is None else log_of(tmp_path, made[:lists], weight_of_nothing(engine), looks)
    answer = finetuned(bundle, log, tmp_path / "new")
    assert answer.exit_code == 1
    assert sentence in str(answer.exception)
