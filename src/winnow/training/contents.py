"""Words and pictures of all items, through the recipe's encoders."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from winnow.data.dataset import ITEM, Dataset
from winnow.data.pictures import Pictures
from winnow.features.columns import columns_of
from winnow.features.encoders.encoded_column import EncodedColumn
from winnow.features.encoders.encoder import PictureEncoder, TextEncoder
from winnow.features.encoders.encoder_spec import encoder_spec
from winnow.features.encoders.open_encoder import OF_PICTURES, OF_TEXTS, open_image_encoder, open_text_encoder
from winnow.features.encoders.vector_cache import Kept, VectorCache
from winnow.features.texts import texts_of
from winnow.schema.errors import DataError
from winnow.schema.feature import Entity, Feature, Kind
from winnow.training.progress import Progress

EMBEDDED = "embedded"


@dataclass(frozen=True, slots=True, kw_only=True)
class EncodersConfig:
    """Who reads words and pictures.

    Attributes:
        text: "embedded", TF-IDF and truncated SVD fitted in training; "sentence-bert" or "clip", or either with a
            colon and a public id or local folder behind it, such as "sentence-bert:models/all-MiniLM-L6-v2".
        image: "embedded", statistics of colours, textures and outlines; "clip", or with a colon as above.
        into_bundle: whether networks go into the bundle, so that the service reads new items without torch.

    Raises:
        EncoderError: there is no such encoder; whether it can be had is found when it is opened.
    """

    text: str = EMBEDDED
    image: str = EMBEDDED
    into_bundle: bool = True

    def __post_init__(self) -> None:
        encoder_spec(self.text, "texts", OF_TEXTS, (EMBEDDED,))
        encoder_spec(self.image, "pictures", OF_PICTURES, (EMBEDDED,))


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What encoders made of I items.

    Attributes:
        columns: by name of the feature.
        pretrained: networks that were at work, by what they read.
        problems: sentences about items whose content cannot be read, so that it counts as missing.
    """

    columns: Mapping[str, EncodedColumn]
    pretrained: Mapping[Kind, Any]
    problems: Sequence[str]


NO_CONTENTS = Contents(columns={}, pretrained={}, problems=())
"""Of a shop without pictures, whose words are read by what training fits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Encoded:
    """One feature's contents."""

    feature: Feature
    encoder: TextEncoder | PictureEncoder
    kept: Kept
    problems: Mapping[int, str]


def encode_contents(dataset: Dataset, config: EncodersConfig, cache: VectorCache, progress: Progress) -> Contents:
    """Encodes what the cache does not know yet.

    Args:
        dataset: gives items and pictures.
        config: names the encoders.
        cache: of vectors by content; its file is not made where nothing is encoded.
        progress: told how many items are settled.

    Raises:
        DataError: a feature is an image, and there is no folder of pictures.
        EncoderError: an encoder cannot be had, or the cache cannot be used.
    """
    done = [*_texts(dataset, config, cache, progress), *_pictures(dataset, config, cache, progress)]
    return Contents(
        columns={each.feature.name: EncodedColumn(encoder=each.encoder.id, vectors=each.kept.vectors) for each in done},
        pretrained={each.feature.kind: each.encoder for each in done if _spec(config, each.feature.kind) != EMBEDDED},
        problems=[sentence for each in done for sentence in _told(dataset, each)],
    )


def _spec(config: EncodersConfig, kind: Kind) -> str:
    return config.text if kind is Kind.TEXT else config.image


def _texts(dataset: Dataset, config: EncodersConfig, cache: VectorCache, progress: Progress) -> Iterator[_Encoded]:
    features = _features(dataset, Kind.TEXT)
    if config.text == EMBEDDED or not features:
        return
    encoder = open_text_encoder(config.text)
    for feature in features:
        texts = texts_of(columns_of(dataset.items, [feature.column])[feature.column])
        kept = cache.encode(encoder, texts, progress=progress)
        yield _Encoded(feature=feature, encoder=encoder, kept=kept, problems=kept.problems)


def _pictures(dataset: Dataset, config: EncodersConfig, cache: VectorCache, progress: Progress) -> Iterator[_Encoded]:
    features = _features(dataset, Kind.IMAGE)
    if not features:
        return
    if dataset.media is None:
        raise DataError(
            f"The feature '{features[0].name}' is an image, and the data set {dataset.source} names no folder of "
            "pictures; write it under 'media' in the schema file."
        )
    encoder = open_image_encoder(config.image)
    for feature in features:
        pictures = Pictures(dataset.media, dataset.items[feature.column].to_pylist())
        kept = cache.encode(encoder, pictures, progress=progress)
        yield _Encoded(feature=feature, encoder=encoder, kept=kept, problems={**kept.problems, **pictures.problems})


def _features(dataset: Dataset, kind: Kind) -> tuple[Feature, ...]:
    items = dataset.schema.of(Entity.ITEM)
    return tuple(each for each in items if each.kind is kind and each.transform is not None)


def _told(dataset: Dataset, encoded: _Encoded) -> Iterator[str]:
    for place, problem in sorted(encoded.problems.items()):
        yield f"Item '{dataset.items[ITEM][place].as_py()}', feature '{encoded.feature.name}': {problem}"
