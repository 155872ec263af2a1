"""What items are to be compared by, as callers write it: `picture:0.5,description:0.3`."""

from winnow.schema.errors import RequestError


def asked_parts(by: str) -> dict[str, float]:
    """Weights by part, in the order written; what the weights mean is checked where they are used.

    Raises:
        RequestError: a part comes twice, or a weight is not a number.
    """
    weights: dict[str, float] = {}
    for written in by.split(","):
        name, separator, weight = (each.strip() for each in written.partition(":"))
        if name in weights:
            raise RequestError(f"'{name[:60]}' comes twice in 'by'; give each part once, with one weight.")
        weights[name] = _number(name, weight) if separator else 1.0
    return weights


def _number(name: str, weight: str) -> float:
    try:
        return float(weight)
    except ValueError:
        wanted = "a number of 0 or more, such as picture:0.5"
        raise RequestError(f"The weight of '{name[:60]}' is '{weight[:60]}'; it should be {wanted}.") from None
