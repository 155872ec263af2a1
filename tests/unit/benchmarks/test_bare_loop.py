"""The bare loop computes what ours does, so that their times may be compared."""

from dataclasses import replace
from time import process_time

import numpy as np
import pytest

from benchmarks import bench_train_retrieval
from benchmarks.bare_loop import bare_epoch, bare_loss, ready_batch
from benchmarks.refused import RefusedError
from tests.unit.training.stepping import CERTAIN, planted, step_of
from winnow.models.sequence_encoder import EncoderSizes
from winnow.training.item_dropout import ItemDropout
from winnow.training.progress import silent
from winnow.training.retrieval import train_retrieval

DRAWN = replace(CERTAIN, encoder=EncoderSizes(dropout=0.2), dropout=ItemDropout(), epochs=1)


@pytest.mark.parametrize("mask_own", [True, False])
@pytest.mark.parametrize("up_to", [0, 4096])
def test_a_bare_step_has_the_loss_of_ours_with_all_that_is_drawn(up_to: int, mask_own: bool):
    quiet = replace(DRAWN, encoder=EncoderSizes(dropout=0.0), full_softmax_up_to=up_to, mask_own=mask_own)
    step = step_of(quiet)
    for batch in ([0], [5, 6, 7, 100], list(range(0, 600, 30))):
        ours = step(np.array(batch), np.random.default_rng(1)).item()
        bare = bare_loss(step, ready_batch(step, np.array(batch), np.random.default_rng(1))).item()
        assert bare == pytest.approx(ours, rel=1e-5)


def test_a_bare_epoch_ends_where_ours_does():
    towers = train_retrieval(planted(), DRAWN, 2, silent)
    seconds, losses = bare_epoch(planted(), DRAWN, 2, process_time)
    assert np.mean(losses) == pytest.approx(towers.metrics["retrieval_loss"], rel=1e-3)
    assert seconds > 0


def test_both_are_timed_in_turn():
    found = bench_train_retrieval.epochs(planted(), DRAWN, process_time, rounds=2)
    assert found.ours > 0
    assert found.bare > 0


def test_loops_that_do_not_compute_the_same_are_not_compared(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bench_train_retrieval, "bare_epoch", lambda *_, **__: (1.0, [99.0]))
    with pytest.raises(RefusedError, match="they do not compute the same"):
        bench_train_retrieval.epochs(planted(), DRAWN, process_time, rounds=1)
