"""What the pipeline is asked, and that batches do not show."""

from dataclasses import dataclass, replace

import numpy as np
import pytest

from winnow.data.dataset import Dataset
from winnow.data.split import TimeSplit
from winnow.engine.engine import Engine
from winnow.evaluation import answers
from winnow.evaluation.answers import ask
from winnow.evaluation.held_out import HeldOut, held_out
from winnow.pipeline.candidates import Candidates
from winnow.pipeline.pipeline import QuotaSource
from winnow.pipeline.requests import Requests
from winnow.pipeline.roles import Source
from winnow.schema.column import Masked


@dataclass(frozen=True)
class Listening:
    source: Source
    heard: list[Requests]

    def retrieve(self, requests: Requests, k: int) -> Candidates:
        self.heard.append(requests)
        return self.source.retrieve(requests, k)


@pytest.fixture
def held(engine: Engine, dataset: Dataset, split: TimeSplit) -> HeldOut:
    return held_out(dataset, split, engine.catalogue)


def test_requests_carry_user_instant_context_and_seed(engine: Engine, held: HeldOut) -> None:
    heard: list[Requests] = []
    source = QuotaSource(name="fixed", source=Listening(engine.pipeline.sources[0].source, heard), quota=60)
    ask(replace(engine.pipeline, sources=(source,)), held, k=20, seed=7, advance=lambda _: None)
    (requests,) = heard
    assert requests.user_ids == held.user_ids
    assert len(set(requests.request_ids)) == 3
    np.testing.assert_array_equal(requests.at, held.at)
    device = requests.context["device"]
    assert isinstance(device, Masked)
    assert device.values[device.present].tolist() == ["app", "web"]
    assert requests.seeds.tolist() == [7, 8, 9]
    assert requests.k.tolist() == [20, 20, 20]


def test_batches_do_not_show(engine: Engine, held: HeldOut, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []
    whole = ask(engine.pipeline, held, k=20, seed=0, advance=lambda _: None)
    monkeypatch.setattr(answers, "BATCH", 2)
    batched = ask(engine.pipeline, held, k=20, seed=0, advance=sizes.append)
    assert sizes == [2, 1]
    assert batched.stages == whole.stages
    np.testing.assert_array_equal(batched.recommended, whole.recommended)
    np.testing.assert_array_equal(batched.recall, whole.recall)
    np.testing.assert_array_equal(batched.candidates, whole.candidates)


def test_short_answers_are_padded(engine: Engine, held: HeldOut) -> None:
    everything = ask(engine.pipeline, held, k=85, seed=0, advance=lambda _: None).recommended
    assert everything.shape == (3, 85)
    assert ((everything >= 0).sum(axis=1) == 80).all()
    assert (everything[:, 80:] == -1).all()
