"""Training that was cut goes on where it was, and nobody can tell from its weights."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from tests.unit.training.planted import planted_dataset
from tests.unit.training.stepping import planted, training_events
from winnow.models.sequence_encoder import EncoderSizes
from winnow.schema.errors import CheckpointError, DataError
from winnow.training.checkpoint import Checkpoint, read_checkpoint
from winnow.training.job_digest import job_digest
from winnow.training.progress import Progress, silent
from winnow.training.retrieval import Towers, train_retrieval
from winnow.training.retrieval_config import RetrievalConfig
from winnow.training.training_set import TrainingSet, training_set

CONFIG = RetrievalConfig(
    dim=8, encoder=EncoderSizes(dropout=0.3), epochs=4, batch_size=400, full_softmax_up_to=0, weight_decay=0.01
)
EXAMPLES = 3800


class Cut(Exception):  # noqa: N818 - no error, but what somebody did
    """Somebody pulled the plug."""


def cut_after(examples: int) -> Progress:
    def progress(_: str, done: int, __: int) -> None:
        if done > examples:
            raise Cut

    return progress


def weights_of(towers: Towers) -> dict[str, bytes]:
    both = {"query": towers.query, "item": towers.item}
    return {
        f"{name}.{key}": value.numpy().tobytes()
        for name, tower in both.items()
        for key, value in tower.state_dict().items()
    }


@pytest.fixture(scope="module")
def uncut() -> Towers:
    return train_retrieval(planted(), CONFIG, 3, silent)


@pytest.mark.parametrize(
    "cuts",
    [[EXAMPLES], [EXAMPLES + 1500], [100, 2 * EXAMPLES + 10, 3 * EXAMPLES + 500], [0]],
    ids=["after an epoch", "within an epoch", "again and again", "in the first step"],
)
def test_training_that_was_cut_ends_with_the_very_weights_of_one_that_was_not(
    uncut: Towers, tmp_path: Path, cuts: list[int]
):
    file = tmp_path / "it.safetensors"
    for examples in cuts:
        with pytest.raises(Cut):
            train_retrieval(planted(), CONFIG, 3, cut_after(examples), file)
        torch.manual_seed(99)  # whatever happens in between
        torch.rand(5)
    resumed = train_retrieval(planted(), CONFIG, 3, silent, file)
    assert weights_of(resumed) == weights_of(uncut)
    assert resumed.metrics == uncut.metrics


def test_keeping_a_checkpoint_changes_nothing_and_training_that_ended_is_not_done_again(uncut: Towers, tmp_path: Path):
    file, heard = tmp_path / "it.safetensors", list[tuple[str, int, int]]()
    assert weights_of(train_retrieval(planted(), CONFIG, 3, silent, file)) == weights_of(uncut)
    again = train_retrieval(planted(), CONFIG, 3, lambda *step: heard.append(step), file)
    assert weights_of(again) == weights_of(uncut)
    assert again.metrics == uncut.metrics
    assert heard == [("Training retrieval", 4 * EXAMPLES, 4 * EXAMPLES)]


def test_progress_goes_on_where_it_was(tmp_path: Path):
    file, heard = tmp_path / "it.safetensors", list[int]()
    with pytest.raises(Cut):
        train_retrieval(planted(), CONFIG, 3, cut_after(2 * EXAMPLES + 10), file)
    train_retrieval(planted(), CONFIG, 3, lambda _, done, __: heard.append(done), file)
    assert heard[0] == 2 * EXAMPLES
    assert heard == sorted(set(heard))
    assert heard[-1] == 4 * EXAMPLES


def changed(data: TrainingSet) -> TrainingSet:
    items = data.interactions.items.copy()
    items[17] = (items[17] + 1) % 50
    return replace(data, interactions=replace(data.interactions, items=items))


@pytest.mark.parametrize(
    ("data", "config", "seed"),
    [
        (planted(), replace(CONFIG, epochs=5), 3),
        (planted(), replace(CONFIG, encoder=EncoderSizes(dropout=0.2)), 3),
        (planted(), CONFIG, 4),
        (changed(planted()), CONFIG, 3),
    ],
    ids=["epochs", "encoder", "seed", "one click"],
)
def test_a_checkpoint_of_another_job_is_refused_and_left_alone(
    tmp_path: Path, data: TrainingSet, config: RetrievalConfig, seed: int
):
    file = tmp_path / "it.safetensors"
    with pytest.raises(Cut):
        train_retrieval(planted(), CONFIG, 3, cut_after(EXAMPLES), file)
    before = file.read_bytes()
    with pytest.raises(CheckpointError, match="is of another training"):
        train_retrieval(data, config, seed, silent, file)
    assert file.read_bytes() == before


def test_towers_that_had_other_weights_are_refused(tmp_path: Path):
    """The same job, by a program whose towers were built otherwise."""
    file = tmp_path / "it.safetensors"
    with pytest.raises(Cut):
        train_retrieval(planted(), CONFIG, 3, cut_after(EXAMPLES), file)
    tensors, notes = read_checkpoint(file)
    kept = Checkpoint(file=file, job=notes.pop("job"))
    wider = {**tensors, "weight/query.history_weight": torch.zeros(2)}
    fewer = {name: tensor for name, tensor in tensors.items() if name != "weight/query.history_weight"}
    more = {**tensors, "adam/exp_avg/query.gone": torch.zeros(2)}
    for other in (wider, fewer, more):
        kept.save(other, notes)
        with pytest.raises(CheckpointError, match="of another version of Winnow"):
            train_retrieval(planted(), CONFIG, 3, silent, file)


def test_the_same_job_has_the_same_digest_and_every_array_counts():
    again = training_set(planted_dataset(), training_events())
    assert job_digest(again, CONFIG, 3) == job_digest(planted(), CONFIG, 3)
    others = [
        replace(again, users=replace(again.users, values=again.users.values + 1)),
        replace(again, contexts=replace(again.contexts, codes=again.contexts.codes[::-1])),
        replace(again, items=replace(again.items, vectors={"picture": again.items.vectors["picture"] * 2})),
        replace(again, interactions=replace(again.interactions, history_at=again.interactions.history_at + 1)),
        replace(again, known_items=again.known_items[1:]),
    ]
    digests = {job_digest(each, CONFIG, 3) for each in (again, *others)}
    assert len(digests) == 6


def test_nothing_to_learn_from_is_said():
    events = training_events()
    data = training_set(planted_dataset(), events)
    nobody = replace(
        data.interactions,
        **{
            name: getattr(data.interactions, name)[:0]
            for name in ("event_rows", "users", "items", "at", "first", "history_start", "history_end")
        },
    )
    with pytest.raises(DataError, match=r"No event of the training time is of a positive type \(click\)"):
        train_retrieval(replace(data, interactions=nobody), CONFIG, 0, silent)
