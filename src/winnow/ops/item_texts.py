"""What is said of each item, as one text."""

from collections.abc import Sequence

from winnow.data.dataset import Dataset
from winnow.schema.errors import DataError
from winnow.schema.feature import Entity, Kind


def item_texts(dataset: Dataset, without: str = "") -> list[str | None]:
    """The title and all text features of each item; what another of them says already is left out.

    Args:
        dataset: the shop.
        without: a column that must not be read, such as the one that is to be told from the text.

    Returns:
        one text for each item, None where nothing is said.

    Raises:
        DataError: items have neither a title nor a text feature.
    """
    schema = dataset.schema
    told = [schema.title, *(each.column for each in schema.of(Entity.ITEM) if each.kind is Kind.TEXT)]
    columns = [column for column in dict.fromkeys(told) if column and column != without]
    if not columns:
        raise DataError(
            "The items have neither a title nor a feature of kind text, so there is nothing to tell a label from; "
            "declare one in the schema."
        )
    return [_one(parts) for parts in zip(*(dataset.items[column].to_pylist() for column in columns), strict=True)]


def _one(parts: Sequence[str | None]) -> str | None:
    there = [part for part in dict.fromkeys(parts) if part and part.strip()]
    return ". ".join(part for part in there if not any(part in each for each in there if each != part)) or None
