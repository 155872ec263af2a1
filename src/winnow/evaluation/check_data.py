"""A bundle is evaluated on the data that it was trained on, or not at all."""

from winnow.schema.errors import DataError


def check_data(recorded_digest: str, recorded_path: str, digest: str, path: str) -> None:
    """Refuses other data than the bundle's own.

    Args:
        recorded_digest: digest of the training data, as the bundle's manifest has it.
        recorded_path: where that data was read from.
        digest: digest of the data at hand.
        path: where the data at hand was read from.

    Raises:
        DataError: the digests differ.
    """
    if digest != recorded_digest:
        raise DataError(
            f"The data in '{path}' has the digest {digest[:12]}..., but the bundle was trained on "
            f"{recorded_digest[:12]}... from '{recorded_path}'; its split does not fit other data. "
            "Give the data of the bundle, or train a bundle on this one."
        )
