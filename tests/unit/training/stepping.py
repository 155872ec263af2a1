"""One retrieval step on the planted shop, without anything that is drawn but the negatives."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from unittest.mock import patch

import pyarrow as pa
import torch

from tests.unit.training.planted import CLICKS, HOUR_S, planted_dataset
from winnow.data.arrow_compute import pc
from winnow.data.dataset import AT
from winnow.models.sequence_encoder import EncoderSizes
from winnow.training import training_set as masking
from winnow.training.item_dropout import ItemDropout
from winnow.training.retrieval import retrieval_step
from winnow.training.retrieval_config import RetrievalConfig
from winnow.training.retrieval_step import RetrievalStep
from winnow.training.training_set import TrainingSet, training_set

CUT = (CLICKS - 1) * HOUR_S
"""The last click of every user is not trained on."""

CERTAIN = RetrievalConfig(
    dim=8,
    encoder=EncoderSizes(layers=2, dropout=0.0),
    batch_size=128,
    uniform_negatives=32,
    dropout=ItemDropout(ids=0, content=0),
    history_dropout=0.0,
)


def training_events() -> pa.Table:
    events = planted_dataset().events
    return events.filter(pc.less(events[AT], CUT))


@cache
def planted() -> TrainingSet:
    return training_set(planted_dataset(), training_events())


def step_of(config: RetrievalConfig = CERTAIN, data: TrainingSet | None = None) -> RetrievalStep:
    """New towers, in which all that starts at zero tells from the start."""
    torch.manual_seed(0)
    step = retrieval_step(data or planted(), config)
    for block in step.query.encoder.blocks:
        torch.nn.init.normal_(block.distance_HS)
    for layer in (step.query.gaps.mix, step.query.head.straight, step.query.head.out):
        torch.nn.init.normal_(layer.weight, std=0.1)
    return step


@contextmanager
def nothing_masked() -> Iterator[None]:
    with patch.object(masking, "MASKED_SHARE", 0.0):
        yield
