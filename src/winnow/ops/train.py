"""The whole training job: data in, a verified bundle out, or nothing."""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pyarrow as pa

from winnow.bundle.bundle import Bundle, file_hash
from winnow.bundle.manifest import Manifest
from winnow.bundle.model_files import WEIGHTS_FILE
from winnow.bundle.writer import BundleWriter, check_target, writing_bundle
from winnow.data.dataset import Dataset
from winnow.data.split import TimeSplit, split_by_time, train_events
from winnow.engine.open_engine import open_engine
from winnow.features.columns import columns_of
from winnow.features.encoders.vector_cache import VectorCache
from winnow.index.index_card import IndexCard
from winnow.ops.parts import write_counts_part, write_encoder_parts, write_ranker_part, write_retrieval_parts
from winnow.ops.program_commit import program_commit
from winnow.ops.replay import ReplayedRequests, replay
from winnow.recipes.config import Config
from winnow.schema.feature import Entity
from winnow.training.contents import encode_contents
from winnow.training.progress import Progress
from winnow.training.ranking import RankingConfig, RankingRows, train_ranking
from winnow.training.retrieval import train_retrieval
from winnow.training.training_set import TrainingSet, training_set

VECTORS_FILE = "vectors.arrow"
PROBLEMS = "content_problems"
"""Attachment of a bundle: sentences about items whose words or picture could not be read."""
DISTRIBUTION = "winnow-recsys"


def train(
    dataset: Dataset,
    config: Config,
    out: Path,
    progress: Progress,
    *,
    vectors: Path | None = None,
    force: bool = False,
) -> Bundle:
    """Encodes words and pictures, trains both stages and writes a bundle.

    Retrieval is trained first and written as a retrieval-only bundle; the engine opens that one and replays training
    requests through it; the ranker is trained on the candidates that came out.

    Args:
        dataset: validated data.
        config: the recipe.
        out: exactly the folder that the bundle becomes.
        progress: told after every step.
        vectors: file of the encoders' vectors, which spares the next training what this one encoded; `vectors.arrow`
            beside the bundle by default.
        force: replace a bundle at `out`.

    Returns:
        the bundle, opened and verified.
    """
    check_target(out, force=force)
    out.parent.mkdir(parents=True, exist_ok=True)
    split = split_by_time(dataset, config.holdout_days)
    events = train_events(dataset, split)
    cache = VectorCache(file=vectors or out.parent / VECTORS_FILE)
    contents = encode_contents(dataset, config.encoders, cache, progress)
    data = training_set(dataset, events, contents, progress)
    towers = train_retrieval(data, config.retrieval, config.seed, progress)
    with tempfile.TemporaryDirectory(prefix=f".{out.name}.", suffix=".partial", dir=out.parent) as scratch:
        first = Path(scratch) / "retrieval"
        with writing_bundle(first) as writer:
            catalogue = write_retrieval_parts(writer, dataset, events, data, towers, progress)
            write_counts_part(writer, data, config.counting)
            if config.encoders.into_bundle:
                write_encoder_parts(writer, contents, progress)
            metrics = {**towers.metrics, "index_recall": IndexCard.load(writer.folder / "index").recall}
            _finish(writer, dataset, config, split, metrics)
        with writing_bundle(out, force=force) as writer:
            if config.ranking is not None:
                rows = _replayed(first, data, events, config, config.ranking, progress)
                ranker = train_ranking(data, rows, catalogue.tower, config.ranking, config.seed, progress)
                write_ranker_part(writer, data, rows, catalogue.tower, ranker, progress)
                metrics |= {"retrieved": rows.retrieved, **ranker.metrics}
            for part in first.iterdir():
                if part.is_dir():
                    shutil.copytree(part, writer.folder / part.name)
            _finish(writer, dataset, config, split, metrics)
    bundle = Bundle.open(out)
    if contents.problems:
        bundle.attach(PROBLEMS, list(contents.problems))
    return bundle


def _replayed(
    bundle: Path, data: TrainingSet, events: pa.Table, config: Config, ranking: RankingConfig, progress: Progress
) -> RankingRows:
    """What was not there yet is not proposed: the ranker would learn that new items are never clicked."""
    context = columns_of(events.take(data.interactions.event_rows), data.fitted[Entity.CONTEXT].columns)
    new = np.delete(np.arange(data.num_items), data.known_items)
    engine = open_engine(bundle).without([data.item_ids[row] for row in new])
    asked = ReplayedRequests(data=data, context=context)
    return replay(engine, asked, ranking, config.counting, config.seed, progress)


def _finish(
    writer: BundleWriter, dataset: Dataset, config: Config, split: TimeSplit, metrics: Mapping[str, float]
) -> None:
    """Seals the vector space and writes the manifest."""
    space_id = _space_id(writer.folder, config)
    writer.seal_space(space_id)
    now = datetime.now(UTC)
    parts = writer.parts()
    contents = hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
    writer.finish(
        Manifest(
            name=f"{config.name}-{now:%Y%m%d}-{contents[:8]}",
            created_at=now.isoformat(timespec="seconds"),
            winnow_version=version(DISTRIBUTION),
            git_commit=program_commit(),
            schema_digest=dataset.schema.digest,
            space_id=space_id,
            recipe=json.loads(json.dumps(asdict(config))),
            data={"source": dataset.source, "schema_file": dataset.schema_file, "digest": dataset.digest},
            split=split.to_dict(),
            training_metrics=metrics,
            parts=parts,
        )
    )


def _space_id(folder: Path, config: Config) -> str:
    """Names the space of the item vectors: tower weights, item transforms, dimension and normalisation."""
    files = [folder / "item" / WEIGHTS_FILE, *sorted((folder / "features_item").iterdir())]
    told = json.dumps([*map(file_hash, files), config.retrieval.dim, "unit length"])
    return hashlib.sha256(told.encode()).hexdigest()
