"""Opens the encoders of a service. Reaches neither torch nor transformers."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from winnow.features.encoders.encoder import PictureEncoder, TextEncoder
from winnow.features.encoders.saved_encoder import SavedEncoder
from winnow.schema.errors import EncoderError


def open_exported(folder: Path) -> TextEncoder | PictureEncoder:
    """The encoder that `export_encoder` wrote: a `TextEncoder` or a `PictureEncoder`, as its `encoder.json` says.

    Raises:
        BundleError: a file is absent or damaged, or the files do not belong together.
        EncoderError: a package that it needs is not installed.
    """
    kind = SavedEncoder.load(folder).kind
    with _packages(kind):
        if kind == "texts":
            from winnow.features.encoders.onnx_texts import OnnxTexts  # noqa: PLC0415 - only this needs tokenizers

            return OnnxTexts(folder)
        from winnow.features.encoders.onnx_pictures import OnnxPictures  # noqa: PLC0415 - only this needs Pillow

        return OnnxPictures(folder)


def open_embedded() -> PictureEncoder:
    """The embedded encoder of pictures, which has no weights.

    Raises:
        EncoderError: Pillow is not installed.
    """
    with _packages("pictures"):
        from winnow.features.encoders.picture_statistics import PictureStatistics  # noqa: PLC0415 - Pillow

        return PictureStatistics()


@contextmanager
def _packages(kind: str) -> Generator[None]:
    try:
        yield
    except ModuleNotFoundError as error:
        raise EncoderError(
            f"Encoding {kind} of new items needs the package '{error.name}': pip install 'winnow-recsys[items]' "
            "brings it."
        ) from error
