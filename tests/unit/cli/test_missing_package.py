"""The advice on a missing package, against what the extras really bring."""

import re
import tomllib
from pathlib import Path

import pytest

from winnow.cli.missing_package import EXTRAS, remedy

PYPROJECT = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text())
BROUGHT = {
    extra: {re.split(r"[\[<>=!~ ]", each)[0] for each in packages}
    for extra, packages in PYPROJECT["project"]["optional-dependencies"].items()
}
DISTRIBUTION_OF = {
    "duckdb": "ibis-framework",
    "google": "protobuf",
    "grpc": "grpcio",
    "ibis": "ibis-framework",
    "opentelemetry": "opentelemetry-sdk",
    "PIL": "pillow",
    "sklearn": "scikit-learn",
    "sentence_transformers": "sentence-transformers",
}
OF_ANOTHER = {"opentelemetry-exporter-otlp-proto-http"}
"""Imported as a part of a package that another one brings too."""


@pytest.mark.parametrize("extra", EXTRAS)
def test_an_extra_brings_what_is_said_of_it(extra):
    assert {DISTRIBUTION_OF.get(each, each) for each in EXTRAS[extra]} <= BROUGHT[extra]


def test_every_package_of_an_extra_is_known():
    known = {DISTRIBUTION_OF.get(each, each) for packages in EXTRAS.values() for each in packages}
    assert known == set.union(*(BROUGHT[extra] for extra in EXTRAS)) - OF_ANOTHER
    assert set(BROUGHT) == {*EXTRAS, "dev"}


@pytest.mark.parametrize(
    ("module", "extra"),
    [("torch.nn", "train"), ("transformers", "multimodal"), ("sentence_transformers", "multimodal"), ("PIL", "items")],
)
def test_a_package_is_advised_with_the_extra_that_brings_it(module, extra):
    assert remedy(module) == f"pip install 'winnow-recsys[{extra}]' brings it"


def test_a_package_that_only_a_users_recipe_knows_is_no_extra_of_ours():
    assert "no extra of Winnow brings it" in remedy("pandas")
