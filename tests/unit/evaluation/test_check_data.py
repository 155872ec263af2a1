"""Other data than the bundle's is refused."""

import pytest

from winnow.evaluation.check_data import check_data
from winnow.schema.errors import DataError


def test_the_same_digest_passes_wherever_the_data_lies() -> None:
    check_data("a" * 64, "/then", "a" * 64, "/now")


def test_another_digest_is_refused_with_both_places() -> None:
    with pytest.raises(
        DataError, match=r"'/now' has the digest bbbbbbbbbbbb\.\.\., .* on aaaaaaaaaaaa\.\.\. from '/then'"
    ):
        check_data("a" * 64, "/then", "b" * 64, "/now")
