"""What a bundle says that it was trained on."""

from pathlib import Path

import numpy as np

from winnow.bundle.bundle import Bundle
from winnow.data.dataset import AT, ITEM, TYPE
from winnow.data.open_dataset import open_dataset
from winnow.data.split import TimeSplit, train_events
from winnow.evaluation.leaks.trained_on import TrainedOn
from winnow.schema.feature import Entity


def test_the_traces_of_a_bundle_are_those_of_its_training_events(shop: Path, bundle: Path) -> None:
    opened, dataset = Bundle.open(bundle), open_dataset(shop)
    split = TimeSplit.from_dict(opened.manifest.split)
    events = train_events(dataset, split)
    trained = TrainedOn.of(opened)
    assert trained.train_until == split.train_until
    assert trained.item_ids == tuple(dataset.items[ITEM].to_pylist())
    np.testing.assert_array_equal(np.sort(trained.log.at), events[AT].to_numpy())
    assert set(trained.words[Entity.ITEM][ITEM]) == set(events[ITEM].to_pylist())
    assert set(trained.words[Entity.CONTEXT]["device_type"]) == set(events["device_type"].to_pylist()) - {None}
    positives = [row[ITEM] for row in events.to_pylist() if row[TYPE] == "click"]
    assert trained.popularity.tolist() == [positives.count(item) for item in trained.item_ids]
