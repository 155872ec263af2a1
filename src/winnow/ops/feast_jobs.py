"""Sets a Feast repository up, registers the features of a bundle with it, and fills it."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from winnow.bundle.bundle import Bundle
from winnow.data.dataset import Dataset
from winnow.data.open_dataset import open_dataset
from winnow.features.saved_features import load_fitted
from winnow.ops.feast_rows import FeastRows, feast_rows
from winnow.schema.errors import DataError, SettingsError
from winnow.schema.progress import Progress, silent
from winnow.stores.feast_config import FILE, Target, config_text
from winnow.stores.feast_repository import FeastRepository
from winnow.stores.feature_table import feature_tables


@dataclass(frozen=True, slots=True, kw_only=True)
class FeastSource:
    """What features are of, and where their rows are.

    Attributes:
        bundle: its folder.
        data: the data set; where training read it by default.
        schema: its schema file, if it lies elsewhere; likewise.
    """

    bundle: Path
    data: Path | None = None
    schema: Path | None = None

    def open(self, progress: Progress = silent) -> FeastRows:
        """Reads both.

        Raises:
            BundleError: the bundle cannot be opened.
            DataError: the data set cannot be used, or has another schema than the bundle.
        """
        opened = Bundle.open(self.bundle)
        recorded = opened.manifest.data
        schema = self.schema or (Path(recorded["schema_file"]) if recorded["schema_file"] else None)
        dataset = open_dataset(self.data or Path(recorded["source"]), schema, progress)
        _check_schema(dataset, opened)
        return feast_rows(dataset, load_fitted(opened.part("features_item")), time.time())


def init_feast(repository: Path, target: Target, redis: str = "") -> Path:
    """Writes `feature_store.yaml` into a folder, which is made if need be; returns the file.

    Raises:
        SettingsError: there is one already.
    """
    file = repository / FILE
    if file.exists():
        raise SettingsError(f"{file} is there already and stays as it is; change it by hand, or take it away.")
    repository.mkdir(parents=True, exist_ok=True)
    file.write_text(config_text(target, redis), encoding="utf-8")
    return file


def apply_feast(repository: Path, source: FeastSource, progress: Progress = silent) -> dict[str, int]:
    """Writes the rows of a data set, and registers views of them; returns the number of rows by view.

    Raises:
        BundleError, DataError: as `FeastSource.open` says.
        SettingsError: the folder is no repository, or Feast does not take the views.
        OSError: rows cannot be written.
    """
    feast, rows, written = FeastRepository(repository), source.open(progress), dict[str, int]()
    for table, given in rows.tables():
        written[table.name] = feast.files.replace(table, given, rows.last)
    feast.apply(feature_tables(rows.dataset.schema))
    return written


def materialize_feast(repository: Path) -> None:
    """Copies the newest rows to where they are asked online.

    Raises:
        SettingsError: the folder is no repository.
        Unavailable: the online store does not answer.
    """
    FeastRepository(repository).materialize(datetime.now(UTC))


def _check_schema(dataset: Dataset, bundle: Bundle) -> None:
    if dataset.schema.digest != bundle.schema.digest:
        raise DataError(
            f"The data set {dataset.source} has another schema than the bundle {bundle.path}; features would not be "
            "those that are served. Give the data of the bundle, or train a bundle on this one."
        )
