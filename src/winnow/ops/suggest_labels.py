"""The job behind `winnow data labels`: suggestions for items whose category the shop did not give."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pyarrow as pa

from winnow.data.dataset import ITEM, Dataset
from winnow.data.open_dataset import open_dataset
from winnow.data.pictures import Pictures
from winnow.features.encoders.encoder_spec import encoder_spec
from winnow.features.encoders.label_space import LabelSpace
from winnow.features.encoders.label_vectors import FOR_PICTURES, FOR_TEXTS, check_templates
from winnow.features.encoders.open_encoder import OF_PICTURES, OF_TEXTS
from winnow.features.encoders.open_label_space import open_picture_labels, open_text_labels
from winnow.features.encoders.zero_shot import Suggestions
from winnow.ops.item_pictures import item_pictures
from winnow.ops.item_texts import item_texts
from winnow.ops.label_check import label_check
from winnow.ops.label_report import LabelReport, check_new_file
from winnow.ops.writable_file import check_writable
from winnow.schema.column import Array
from winnow.schema.errors import DataError
from winnow.schema.feature import Entity, Feature, Kind
from winnow.schema.progress import Progress, silent

_SEED = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelJob:
    """What is to be suggested, from what, and by whom.

    Attributes:
        feature: name of a category of items.
        labels: to choose from; the values that the feature has where it is there, when none are given.
        by: what items are known by, their texts or their pictures.
        encoder: its spec; "" for Sentence-BERT by texts, and CLIP by pictures, which it must be.
        templates: prompts, each with `{label}` where the label goes; those that suit texts or pictures, when none are
            given.
        k: suggestions for each item, at least 1.
        checked: most items with a label that the suggestions are measured on; 0 for no check.
    """

    feature: str
    labels: tuple[str, ...] = ()
    by: Literal["texts", "pictures"] = "texts"
    encoder: str = ""
    templates: tuple[str, ...] = ()
    k: int = 3
    checked: int = 5000


def suggest_labels_of_folder(
    data: Path, schema: Path | None, job: LabelJob, progress: Progress, out: Path | None = None
) -> LabelReport:
    """Reads a folder, suggests labels by the items' texts or pictures, and writes them where a file is given.

    Args:
        data: folder of a data set; it is not written to.
        schema: a schema file elsewhere, instead of one in the folder.
        job: what is wanted.
        progress: hears of reading and encoding.
        out: CSV file to write; must not be there yet.

    Raises:
        EncoderError: there is no such encoder or a template is wrong, told before the data is read; the encoder cannot
            be had, told once data and feature are found good; or a label cannot be read.
        SchemaError: the schema file is wrong.
        DataError: the data cannot be used, the feature is no category of items, there are no labels, items have neither
            texts nor pictures, or `out` is taken.
    """
    if out is not None:
        check_new_file(out)
        check_writable(out)
    _check_words(job)
    dataset = open_dataset(data, schema, progress)
    feature = item_category(dataset, job.feature)
    contents = item_pictures(dataset) if job.by == "pictures" else item_texts(dataset, feature.column)
    report = suggest_labels(dataset, contents, _space(job), job, progress)
    if out is not None:
        report.write(out)
    return report


def _check_words(job: LabelJob) -> None:
    """What can be said before weights are sought, which may take half a minute. Raises EncoderError."""
    if job.encoder:
        asked = ("pictures and labels", OF_PICTURES) if job.by == "pictures" else ("texts", OF_TEXTS)
        encoder_spec(job.encoder, *asked)
    if job.templates:
        check_templates(job.templates)


def _space(job: LabelJob) -> LabelSpace:
    if job.by == "pictures":
        return open_picture_labels(job.encoder or "clip", job.templates or FOR_PICTURES)
    return open_text_labels(job.encoder or "sentence-bert", job.templates or FOR_TEXTS)


def suggest_labels(
    dataset: Dataset,
    contents: Sequence[str | None] | Sequence[bytes | None] | Pictures,
    space: LabelSpace,
    job: LabelJob,
    progress: Progress = silent,
) -> LabelReport:
    """Suggests labels for the items that have none, and measures itself on those that have one.

    Args:
        dataset: the shop; no value of it is changed.
        contents: text or picture of each item, as `space` encodes items, None where there is none; `Pictures` are
            read as they are encoded.
        space: of items and labels.
        job: what is wanted; the space stands for its encoder and templates.
        progress: hears of items encoded.

    Raises:
        DataError: the feature is no category of items, or there are no labels.
        EncoderError: a label cannot be encoded.
    """
    values: list[str | None] = dataset.items[item_category(dataset, job.feature).column].to_pylist()
    labels = tuple(dict.fromkeys(job.labels)) or _labels_of(values, job.feature)
    place = {label: place for place, label in enumerate(labels)}
    own = np.array([place.get(value, -1) if value is not None else -1 for value in values], np.int64)
    missing = np.flatnonzero([value is None for value in values])
    checked = _chosen(np.flatnonzero(own >= 0), job.checked)
    rows = [*missing.tolist(), *checked.tolist()]
    asked: Collection[Any] = contents.of(rows) if isinstance(contents, Pictures) else [contents[row] for row in rows]
    suggested = space.suggest(asked, labels, job.k, progress)
    return LabelReport(
        feature=job.feature,
        labels=labels,
        num_items=len(values),
        num_missing=len(missing),
        rows=_rows(dataset, missing, _part(suggested, slice(None, len(missing))), labels),
        check=label_check(_part(suggested, slice(len(missing), None)), own[checked], labels),
    )


def labels_of_text(text: str | None) -> tuple[str, ...]:
    """What stands between the commas; nothing, which stands for a feature's own values, where no text is given.

    Raises:
        DataError: the text holds no label.
    """
    labels = tuple(filter(None, map(str.strip, (text or "").split(","))))
    if text is not None and not labels:
        raise DataError(f"'{text}' holds no label; write them with commas between, as in shoes,lamps,books.")
    return labels


def item_category(dataset: Dataset, name: str) -> Feature:
    """The feature of that name.

    Raises:
        DataError: there is none, or it is no category of items.
    """
    found = [each for each in dataset.schema if each.name == name]
    fit = [each for each in dataset.schema if each.entity is Entity.ITEM and each.kind is Kind.CATEGORY]
    for feature in found:
        if feature in fit:
            return feature
    there = f"is a {found[0].kind} of the {found[0].entity}" if found else "is not in the schema"
    choice = f"there are: {', '.join(each.name for each in fit)}" if fit else "the schema has none"
    raise DataError(f"The feature '{name}' {there}; labels are suggested for a category of items, and {choice}.")


def _labels_of(values: Sequence[str | None], feature: str) -> tuple[str, ...]:
    """The distinct values, the most frequent first."""
    counts = Counter(value for value in values if value is not None and value.strip())
    if not counts:
        raise DataError(
            f"No item has a value of '{feature}', so there are no labels to choose from; name them with --labels."
        )
    return tuple(sorted(counts, key=lambda value: (-counts[value], value)))


def _chosen(rows: Array, most: int) -> Array:
    """All rows, or as many as are wanted, drawn by chance and in their order."""
    return rows if len(rows) <= most else np.sort(np.random.default_rng(_SEED).choice(rows, most, replace=False))


def _part(suggested: Suggestions, rows: slice) -> Suggestions:
    return Suggestions(labels=suggested.labels[rows], scores=suggested.scores[rows], cosines=suggested.cosines[rows])


def _rows(dataset: Dataset, missing: Array, suggested: Suggestions, labels: Sequence[str]) -> pa.Table:
    """One row for each suggestion, in the order of the items."""
    place, rank = np.nonzero(suggested.labels >= 0)
    items, title = dataset.items.take(pa.array(missing[place])), dataset.schema.title
    return pa.table(
        {
            "item_id": items[ITEM],
            "title": items[title] if title else pa.nulls(len(place), pa.string()),
            "rank": pa.array(rank + 1),
            "suggestion": pa.array([labels[each] for each in suggested.labels[place, rank]], pa.string()),
            "score": pa.array(np.round(suggested.scores[place, rank].astype(np.float64), 4)),
        }
    )
