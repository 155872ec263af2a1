"""Gives the pictures of a data set a place in another folder."""

from pathlib import Path

from winnow.data.dataset import Dataset
from winnow.data.link_pictures import link_pictures
from winnow.schema.errors import DataError
from winnow.schema.feature import Entity, Kind
from winnow.schema.progress import Progress

PICTURES = "pictures"
"""The folder in a data set that Winnow wrote."""


def write_pictures(dataset: Dataset, folder: Path, progress: Progress) -> str | None:
    """Puts every picture that an item names into `pictures/` under its name, folders in it included.

    A file that can be is linked, which takes neither time nor room; it is copied where the disk is another. What cannot
    be had is left out: there it counts as missing, as it does here, and checking either data set tells how many.

    Args:
        dataset: says which pictures, and where they are now.
        folder: of the other data set; it has no pictures yet.
        progress: told after every picture.

    Returns:
        What the key `media` of the other's schema file says; None where items have no pictures.

    Raises:
        DataError: a feature is an image, and the data set has no folder of pictures.
    """
    columns = [each.column for each in dataset.schema.of(Entity.ITEM) if each.kind is Kind.IMAGE]
    if not columns:
        return None
    if dataset.media is None:
        raise DataError(f"The column '{columns[0]}' names pictures, and the data set {dataset.source} has no folder.")
    (folder / PICTURES).mkdir()
    link_pictures(dataset.media, named_pictures(dataset), folder / PICTURES, progress)
    return PICTURES


def named_pictures(dataset: Dataset) -> list[str]:
    """The names of all pictures, each once, in order."""
    columns = {each.column for each in dataset.schema.of(Entity.ITEM) if each.kind is Kind.IMAGE}
    return sorted({name for each in columns for name in dataset.items[each].drop_null().unique().to_pylist()})
