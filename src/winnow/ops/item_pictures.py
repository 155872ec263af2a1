"""What each item looks like."""

from winnow.data.dataset import Dataset
from winnow.data.pictures import Pictures
from winnow.schema.errors import DataError
from winnow.schema.feature import Entity, Kind


def item_pictures(dataset: Dataset) -> Pictures:
    """The picture of each item, read when it is asked for; those of the first feature, where several are images.

    Raises:
        DataError: items have no pictures.
    """
    images = [each for each in dataset.schema.of(Entity.ITEM) if each.kind is Kind.IMAGE]
    if not images or dataset.media is None:
        raise DataError(
            "The items have no feature of kind image, so there is no picture to tell a label from; declare one in the "
            "schema, and its folder under 'media', or leave --by pictures away."
        )
    return Pictures(dataset.media, dataset.items[images[0].column].to_pylist())
