"""What an engine knows after it was told."""

from dataclasses import replace

import numpy as np

from winnow.data.dataset import Dataset
from winnow.data.leave_out import LeaveLastOut
from winnow.data.split import TimeSplit
from winnow.engine.engine import Engine
from winnow.evaluation.learn_validation import learn_validation
from winnow.schema.stable_hash import stable_hashes
from winnow.stores.counted_types import counted_types
from winnow.stores.memory_state import MemoryState
from winnow.stores.state_config import StateConfig


def test_the_next_request_reads_the_validation_events(engine: Engine, dataset: Dataset) -> None:
    # ann's last three views: 12, 12 and 65; the last is asked for.
    assert learn_validation(engine, dataset, LeaveLastOut(events=3)) == 2, "the others have too few to be asked"
    known = engine.state.read(["ann", "cy"], np.array([np.inf, np.inf])).events
    assert known.item_hashes.row(0).tolist() == stable_hashes(["item-12", "item-12"]).tolist()
    assert not len(known.item_hashes.row(1))


def test_where_time_is_cut_there_is_nothing_to_tell(engine: Engine, dataset: Dataset, split: TimeSplit) -> None:
    told = replace(engine, state=MemoryState(StateConfig(length=5, counted=counted_types([]))))
    assert learn_validation(told, dataset, split) == 0
