"""Image files that strangers sent, opened within limits."""

import warnings
from io import BytesIO

from PIL import Image, ImageOps

from winnow.api.limits import MAX_PICTURE_PIXELS

KINDS = ("JPEG", "PNG", "WEBP", "GIF")
MAX_BYTES = 20 << 20
MAX_RATIO = 20
_WHITE = (255, 255, 255, 255)


class BrokenPictureError(Exception):
    """A picture that is treated as missing; the message is a sentence that says why."""


def read_picture(content: bytes) -> Image.Image:
    """The picture upright, in RGB, on white where it is transparent; of a moving one the first frame.

    Nothing is decoded before its size is known: a file of few bytes may unfold to many gigabytes, and a picture of one
    pixel by many thousands does so when a network's processor scales its shorter side up.

    Args:
        content: of a file: JPEG, PNG, WebP or GIF, of at most 20 MiB, 40 million pixels, and sides of 1 to 20.

    Raises:
        BrokenPictureError: it is beyond a limit, of another kind, or damaged.
    """
    if len(content) > MAX_BYTES:
        raise BrokenPictureError(f"The picture has {len(content):,} bytes; at most {MAX_BYTES:,} are read.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of oddities that do no harm; sizes are checked here
            with Image.open(BytesIO(content), formats=KINDS) as picture:
                _check_size(*picture.size)
                return _plain(picture)
    except BrokenPictureError:
        raise
    # Decoders raise whatever they like on damaged files: OSError, SyntaxError, ValueError, struct.error and more.
    except Exception as error:
        raise BrokenPictureError(
            f"The picture cannot be read ({type(error).__name__}); wanted is a whole file, one of {', '.join(KINDS)}."
        ) from error


def _check_size(width: int, height: int) -> None:
    if width * height > MAX_PICTURE_PIXELS:
        raise BrokenPictureError(
            f"The picture has {width:,} x {height:,} pixels; at most {MAX_PICTURE_PIXELS:,} in all are read."
        )
    if max(width, height) > MAX_RATIO * min(width, height):
        raise BrokenPictureError(
            f"The picture has {width:,} x {height:,} pixels; one side may be {MAX_RATIO} times the other, not more."
        )


def _plain(picture: Image.Image) -> Image.Image:
    upright = ImageOps.exif_transpose(picture)
    if not upright.has_transparency_data:
        return upright.convert("RGB")
    ground = Image.new("RGBA", upright.size, _WHITE)
    return Image.alpha_composite(ground, upright.convert("RGBA")).convert("RGB")
