"""The ranker of a bundle, taught by what came of its own lists; everything else of the bundle stays as it is."""

import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file

from winnow.bundle.bundle import Bundle
from winnow.bundle.manifest import Manifest
from winnow.bundle.model_files import WEIGHTS_FILE
from winnow.bundle.writer import check_target, writing_bundle
from winnow.data.positive_outcomes import positive_outcomes
from winnow.engine.click_knowledge import LOOKS_FILE
from winnow.models.wide import Wide
from winnow.ops.canary_part import write_canary_part
from winnow.ops.served_choices import served_choices
from winnow.ops.train import made_by
from winnow.pipeline.click_hydrators import CLICKS
from winnow.schema.errors import DataError
from winnow.serving.event_log.logged_events import logged_events
from winnow.serving.event_log.logged_lists import logged_lists
from winnow.training.choices import Choices
from winnow.training.export import export_model, exported_ranker
from winnow.training.progress import Progress, counted
from winnow.training.refit_wide import Refit, refit_wide

RANKER, WEIGHT = "ranker", "weight"


def finetune(path: Path, events: Path, out: Path, progress: Progress, *, force: bool = False) -> Bundle:
    """Weighs anew what the ranker reads, and writes a bundle if that proves to do better.

    It learns from what the ranker had read when it was asked, as the service logged it. Half of the choices, the
    earlier ones, teach; the later ones judge; what proved good then learns from all.

    Args:
        path: of the bundle that served.
        events: folder of the event log, with the service's lists and the worker's events.
        out: exactly the folder that the new bundle becomes.
        progress: told after every step.
        force: replace a bundle at `out`.

    Raises:
        BundleError: the bundle is damaged.
        DataError: it has no click model; or the log is damaged, holds too few choices, or does not prove that anything
            would do better.
    """
    check_target(out, force=force)
    bundle = Bundle.open(path)
    weight = _weight(bundle)
    looks = np.load(bundle.part(CLICKS) / LOOKS_FILE, allow_pickle=False)
    lists, logged = logged_lists(events, bundle.manifest.digest), logged_events(events)
    choices = served_choices(lists, logged, positive_outcomes(bundle.schema), looks)
    if len(choices) < 2:
        raise DataError(
            f"{events} tells of {len(choices)} clicks on lists of {bundle.manifest.name} of which it is known what "
            f"else was shown, among {lists.num_rows:,} of its lists; at least 2 are wanted. The service logs lists "
            "where WINNOW_EVENTS is set, and clients report impressions and clicks with the request_id of the list."
        )
    found = refit_wide(weight, choices, bundle.manifest.recipe["ranking"]["wide_penalty"])
    if not any(found.uses):
        raise DataError(
            f"The {len(choices):,} choices do not prove that other weights would do better (a loss of "
            f"{found.metrics['choice_before']:.4f} nats before, {found.metrics['choice_after']:.4f} after); nothing "
            f"was written. Go on serving {bundle.manifest.name}, and try again when there are more."
        )
    with writing_bundle(out, force=force) as writer:
        for name in bundle.manifest.parts:
            if name != RANKER:
                shutil.copytree(path / name, writer.folder / name)
        _write_ranker(found, choices, writer.part(RANKER), progress)
        writer.finish(_manifest(bundle.manifest, found, writer.parts()))
        write_canary_part(writer)
        writer.finish(_manifest(bundle.manifest, found, writer.parts()))
    return Bundle.open(out)


def _manifest(before: Manifest, found: Refit, parts: Mapping[str, Mapping[str, str]]) -> Manifest:
    return replace(
        before,
        **made_by(before.recipe["name"], parts),
        data={**before.data, "finetuned_from": before.digest},
        training_metrics={**before.training_metrics, **found.metrics, **_told(found)},
        parts=parts,
    )


def _told(found: Refit) -> Mapping[str, float]:
    known, newcomers = map(float, found.uses)
    return {"finetuned": known, "finetuned_newcomers": newcomers}


def _weight(bundle: Bundle) -> torch.Tensor:
    weights = load_file(bundle.part(RANKER) / WEIGHTS_FILE) if bundle.has(RANKER) else {}
    if weights.keys() != {WEIGHT} or not bundle.has(CLICKS):
        raise DataError(
            f"{bundle.path} has no click model, which knows how much a place on the page counts. Take the log into the "
            "data (`winnow data import --events`) and train the bundle again: it learns one from what was shown."
        )
    return weights[WEIGHT]


def _write_ranker(found: Refit, choices: Choices, folder: Path, progress: Progress) -> None:
    model = Wide(found.weight.shape[1])
    with torch.no_grad():
        model.weight.copy_(found.weight)
    inputs, _, _ = choices.tensors()
    one = {name: each[:1] for name, each in inputs.items()}
    candidates = {name: each for name, each in one.items() if each.dim() > 2}
    request = {name: each for name, each in one.items() if name not in candidates}
    export_model(
        exported_ranker(model.eval(), request, candidates), folder, counted(progress, "Writing the ranker", 10)
    )
