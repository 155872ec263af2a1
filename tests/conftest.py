"""What all tests share: where real data is, and how Hypothesis draws its cases."""

from pathlib import Path

import pytest
from hypothesis import settings

from benchmarks.data_folder import data_folder

# The same cases in every run, and no time limit: several people share a machine.
settings.register_profile("winnow", derandomize=True, deadline=None)
settings.load_profile("winnow")


@pytest.fixture(scope="session")
def winnow_data() -> Path:
    """The folder of real data; a test that asks for it is skipped where it is missing."""
    folder = data_folder()
    if not folder.is_dir():
        pytest.skip(f"Needs real data, and there is no folder {folder}; name yours in WINNOW_DATA.")
    return folder
