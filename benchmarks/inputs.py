"""What benchmarks measure: the retail data, and a bundle trained on it that is good enough."""

import json
import shutil
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from benchmarks.command import winnow
from benchmarks.quality_bar import Row, check_bar
from benchmarks.refused import RefusedError
from winnow.bundle.bundle import ATTACHMENTS, Bundle
from winnow.recipes.recipes import load_recipe
from winnow.schema.errors import BundleError


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """Where things are; the bundle is made when the first benchmark asks for it.

    Attributes:
        data: the folder of real data, which holds `retail-demo-store`.
        cache: folder for what takes long to make, reused by the next run.
        given: a bundle to measure instead of the cached one.
    """

    data: Path
    cache: Path
    given: Path | None = None

    @property
    def retail(self) -> Path:
        """The Retail Demo Store data.

        Raises:
            RefusedError: if it is not there.
        """
        folder = self.data / "retail-demo-store"
        if not folder.is_dir():
            raise RefusedError(f"There is no folder {folder}; name the folder that it should be in with WINNOW_DATA.")
        return folder

    @cached_property
    def bundle(self) -> Path:
        """A verified bundle above the bar.

        Raises:
            RefusedError: if its quality is below the bar.
        """
        path = self.given or trained_once("retail", self.retail, self.cache / "retail")
        check_quality(path)
        return path


def check_quality(path: Path) -> None:
    """Evaluate a bundle if that was not done, and hold it against the bar."""
    bundle = Bundle.open(path)
    if evaluation(bundle) is None:
        winnow("evaluate", path)
    check_bar(evaluation(bundle) or [])


def evaluation(bundle: Bundle) -> list[Row] | None:
    """The rows that `winnow evaluate` attached to this very bundle, if it did."""
    file = bundle.path / ATTACHMENTS / "evaluation.json"
    attached = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    return attached["content"]["rows"] if attached.get("manifest_digest") == bundle.manifest.digest else None


def trained_once(recipe: str, data: Path, out: Path) -> Path:
    """The bundle at `out`, trained if there is none that is whole and of this very recipe.

    Args:
        recipe: as `winnow train` takes it.
        data: what is trained on; it is taken to be what a bundle that is there was trained on.
        out: of the bundle.
    """
    if not is_made(recipe, out):
        shutil.rmtree(out, ignore_errors=True)
        winnow("train", "--recipe", recipe, "--data", data, "--out", out)
    return out


def is_made(recipe: str, path: Path) -> bool:
    """Whether a bundle is there that was trained as the recipe says now, and every part is what its manifest says."""
    try:
        return Bundle.open(path).manifest.recipe == load_recipe(recipe).to_dict()
    except BundleError:
        return False
