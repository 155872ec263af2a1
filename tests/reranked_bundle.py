"""A bundle with another reranking, which nothing is trained for."""

import shutil
from pathlib import Path
from typing import Any

from tests.unit.bundle.small_bundle import forge, raw_manifest
from winnow.engine.canary_requests import answered
from winnow.engine.canary_set import PART as CANARY
from winnow.engine.open_engine import open_engine


def write_reranked(bundle: Path, folder: Path, **pipeline: Any) -> None:
    """A copy whose recipe says so, and whose canary requests have the answers that it gives now.

    Args:
        bundle: stays as it is.
        folder: of the copy; its name is the copy's.
        pipeline: of PipelineConfig; only what comes after the ranker, which has learned from the rest.
    """
    shutil.copytree(bundle, folder)
    recipe = raw_manifest(folder)["recipe"]
    forge(folder, name=folder.name, recipe={**recipe, "pipeline": {**recipe["pipeline"], **pipeline}})
    engine = open_engine(folder)
    assert engine.canaries is not None
    answered(engine, engine.canaries).save(folder / CANARY)
    forge(folder)
