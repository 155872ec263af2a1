"""What an image processor of transformers does, read from its settings."""

from collections.abc import Mapping
from typing import Any

from winnow.features.encoders.pixel_scaling import PixelScaling
from winnow.schema.errors import EncoderError


def processor_scaling(settings: Mapping[str, Any]) -> PixelScaling:
    """The same arithmetic on pictures, without transformers.

    Args:
        settings: of the processor, as its `to_dict` gives them.

    Raises:
        EncoderError: it does what `PixelScaling` cannot.
    """
    try:
        return PixelScaling.of(_told(settings))
    except (KeyError, TypeError, ValueError) as error:
        kind = settings.get("image_processor_type", "without a name")
        raise EncoderError(
            f"The image processor {kind} cannot be exported ({type(error).__name__}: {error}); one is wanted that "
            "resizes to a shorter side or to height and width, may cut out the middle, and so makes one shape of all "
            "pictures: choose another network."
        ) from error


def _told(settings: Mapping[str, Any]) -> dict[str, Any]:
    """As `encoder.json` has it. Arithmetic that is switched off becomes one that changes nothing."""
    if not settings["do_resize"] or settings.get("do_pad"):
        raise ValueError("it pads, or does not resize")
    resize = _sides(settings["size"])
    rescales, normalises = settings["do_rescale"], settings["do_normalize"]
    return {
        "resize": resize,
        "resample": settings["resample"],
        "crop": _sides(settings["crop_size"]) if settings.get("do_center_crop") else resize,
        "factor": settings["rescale_factor"] if rescales else 1,
        "mean": settings["image_mean"] if normalises else (0, 0, 0),
        "std": settings["image_std"] if normalises else (1, 1, 1),
    }


def _sides(size: Mapping[str, int]) -> list[int]:
    names = sorted(size)
    if names not in (["shortest_edge"], ["height", "width"]):
        raise ValueError(f"it is told {' and '.join(names)}")
    return [size[name] for name in names]
