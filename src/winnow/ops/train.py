"""The whole training job: data in, a verified bundle out, or nothing."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from winnow.bundle.bundle import Bundle, file_hash
from winnow.bundle.manifest import Manifest
from winnow.bundle.model_files import WEIGHTS_FILE
from winnow.bundle.partial_folder import partial_folder
from winnow.bundle.writer import BundleWriter, check_target, writing_bundle
from winnow.data.dataset import Dataset
from winnow.data.split import Split, train_events
from winnow.engine.open_engine import open_engine
from winnow.features.columns import columns_of
from winnow.features.encoders.vector_cache import VectorCache
from winnow.features.likings import FILE_NAME as LIKINGS_FILE
from winnow.features.taste_space import FILE_NAME as TASTES_FILE
from winnow.ops.canary_part import write_canary_part
from winnow.ops.click_part import check_propensities, check_worth, training_clicks, write_click_part
from winnow.ops.parts import (
    searched_vectors,
    write_encoder_parts,
    write_index_part,
    write_ranker_part,
    write_retrieval_parts,
    write_source_parts,
    write_tower_parts,
)
from winnow.ops.program_commit import program_commit
from winnow.ops.replay import ReplayedRequests, replay
from winnow.ops.train_files import BY_DEFAULT, TrainFiles
from winnow.pipeline.click_hydrators import CLICKS
from winnow.recipes.config import Config
from winnow.schema.feature import Entity
from winnow.training.clicks import Clicks
from winnow.training.contents import Contents, encode_contents
from winnow.training.export import Export, export_model
from winnow.training.progress import Progress
from winnow.training.ranking import RankingConfig, train_ranking
from winnow.training.ranking_rows import RankingRows
from winnow.training.retrieval import train_retrieval
from winnow.training.trained_models import TrainedModels
from winnow.training.training_set import TrainingSet, asked_at, training_set

PROBLEMS = "content_problems"
"""Attachment of a bundle: sentences about items whose words or picture could not be read."""
DISTRIBUTION = "winnow-recsys"
STRANGERS = 0.25
"""Share of the replayed requests that are asked once more as if by strangers, where a click model knows the others."""


def train(
    dataset: Dataset,
    config: Config,
    out: Path,
    progress: Progress,
    *,
    files: TrainFiles = BY_DEFAULT,
    force: bool = False,
) -> Bundle:
    """Encodes words and pictures, trains both stages and writes a bundle.

    The ranker learns to correct a retrieval that has not seen the clicks that it is asked for, as in service. So a
    retrieval is trained on the earlier part of the training time, and the later requests are replayed through it; then
    the retrieval that serves is trained on all of it.

    Args:
        dataset: validated data.
        config: the recipe.
        out: exactly the folder that the bundle becomes.
        progress: told after every step.
        files: what is kept beside the bundle.
        force: replace a bundle at `out`.

    Returns:
        the bundle, opened and verified.

    Raises:
        RecipeError: it says what outcomes are worth, and nothing will tell how likely they are.
        DataError: it weighs impressions by propensities, and none is known.
    """
    check_target(out, force=force)
    files.check()
    out.parent.mkdir(parents=True, exist_ok=True)
    split = config.split(dataset)
    check_worth(dataset, split, config)
    check_propensities(dataset, split, config)
    cache = VectorCache(file=files.vectors_beside(out))
    contents = encode_contents(dataset, config.encoders, cache, progress)
    job = _Job(dataset=dataset, config=config, split=split, contents=contents, files=files, progress=progress)
    data = training_set(dataset, job.events, contents, progress)
    replayed = None if config.ranking is None else job.replayed(data, config.ranking, out)
    with writing_bundle(out, force=force) as writer:
        metrics = job.write_retrieval(writer, data, split, "retrieval", export_model)
        if config.encoders.into_bundle:
            write_encoder_parts(writer, contents, progress)
        if config.ranking is not None and replayed is not None:
            asked, rows = replayed
            ranker = train_ranking(asked, rows, config.ranking, config.seed, progress)
            write_ranker_part(writer, asked, rows, ranker, progress)
            metrics |= {"retrieved": rows.retrieved, **ranker.metrics}
        _finish(writer, dataset, config, split, metrics)
        write_canary_part(writer, job.events)
        _finish(writer, dataset, config, split, metrics)
    bundle = Bundle.open(out)
    files.forget_checkpoints()
    if contents.problems:
        bundle.attach(PROBLEMS, list(contents.problems))
    return bundle


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    """What all steps of a training are told."""

    dataset: Dataset
    config: Config
    split: Split
    contents: Contents
    files: TrainFiles
    progress: Progress

    @property
    def events(self) -> pa.Table:
        """Those of the training time."""
        return train_events(self.dataset, self.split)

    def write_retrieval(
        self, writer: BundleWriter, data: TrainingSet, split: Split, stage: str, export: Export
    ) -> dict[str, float]:
        """Trains a retrieval on the data and writes it, with histories of the whole training time.

        What is known of clicks comes with it, of the time before the cut of `split`.
        """
        config, checkpoint = self.config, self.files.checkpoint(stage)
        towers = train_retrieval(data, config.retrieval, config.seed, self.progress, checkpoint)
        write_tower_parts(writer, data, towers, self.progress, export)
        clicks = self._write_clicks(writer, data, split, export)
        tastes, metrics = (None, {}) if clicks is None else (clicks.tastes, clicks.metrics)
        vectors = searched_vectors(data, towers, tastes)
        write_retrieval_parts(writer, self.dataset, self.events, data, vectors, self.progress)
        found = write_index_part(writer, data, towers, tastes, vectors, config.index)
        write_source_parts(writer, data, config.counting)
        return {**towers.metrics, "index_recall": found, **metrics}

    def _write_clicks(self, writer: BundleWriter, data: TrainingSet, split: Split, export: Export) -> Clicks | None:
        """The part `clicks`, where there is something to learn it from."""
        config = self.config.clicks
        batches = config and training_clicks(self.dataset, split, data, config, writer.folder)
        if config is None or batches is None:
            return None
        return write_click_part(writer, batches, config, self.config.seed, self.progress, export)

    def replayed(self, data: TrainingSet, ranking: RankingConfig, out: Path) -> tuple[TrainingSet, RankingRows]:
        """The latest training requests, as they look to a retrieval that was trained on what was before them.

        Of what users did lately, the training set that comes with them knows what was known when they asked.

        Items without an event in the training time are not proposed: the ranker would learn that nobody clicks them.
        """
        earlier = self.split.earlier(self.dataset, ranking.share)
        seen = training_set(self.dataset, train_events(self.dataset, earlier), self.contents, self.progress)
        later = ~earlier.training(self.dataset)[self.split.training(self.dataset)]
        names = [each for each in seen.fitted[Entity.CONTEXT].columns if each not in self.dataset.schema.windows]
        context = columns_of(self.events.take(data.interactions.event_rows), names)
        asked = ReplayedRequests(data=data, context=context, later=later[data.interactions.event_rows])
        models = TrainedModels()
        with partial_folder(out) as scratch:
            bundle = scratch / "earlier"
            with writing_bundle(bundle) as writer:
                self.write_retrieval(writer, seen, earlier, "earlier", models.keep)
                _finish(writer, self.dataset, self.config, earlier, {})
            new = np.delete(np.arange(data.num_items), data.known_items)
            engine = open_engine(bundle, open_model=models.open).without([data.item_ids[row] for row in new])
            # Where nothing was shown the ranker has a deep part, which reads who asks.
            strangers = STRANGERS if (bundle / CLICKS).is_dir() else 0.0
            rows = replay(engine, asked, ranking, self.config.seed, self.progress, strangers=strangers)
        return asked_at(data, self.dataset, self.events, asked.landed), rows


def _finish(writer: BundleWriter, dataset: Dataset, config: Config, split: Split, metrics: Mapping[str, float]) -> None:
    """Seals the vector space and writes the manifest."""
    space_id = _space_id(writer.folder, config)
    writer.seal_space(space_id)
    parts = writer.parts()
    writer.finish(
        Manifest(
            **made_by(config.name, parts),
            schema_digest=dataset.schema.digest,
            space_id=space_id,
            recipe=config.to_dict(),
            data={"source": dataset.source, "schema_file": dataset.schema_file, "digest": dataset.digest},
            split=split.to_dict(),
            training_metrics=metrics,
            parts=parts,
        )
    )


def made_by(recipe: str, parts: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """What a manifest says of the making of a bundle: its name, when, and by which program.

    Args:
        recipe: its name, with which the bundle's begins.
        parts: hashes of all files.
    """
    now, contents = datetime.now(UTC), hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
    return {
        "name": f"{recipe}-{now:%Y%m%d}-{contents[:8]}",
        "created_at": now.isoformat(timespec="seconds"),
        "winnow_version": version(DISTRIBUTION),
        "git_commit": program_commit(),
    }


def _space_id(folder: Path, config: Config) -> str:
    """Names the space of the item vectors: tower weights, item transforms, what choices say, and dimension."""
    files = [folder / "item" / WEIGHTS_FILE, *sorted((folder / "features_item").iterdir())]
    files += [each for each in (folder / CLICKS / LIKINGS_FILE, folder / CLICKS / TASTES_FILE) if each.is_file()]
    told = json.dumps([*map(file_hash, files), config.retrieval.dim, "any length"])
    return hashlib.sha256(told.encode()).hexdigest()
