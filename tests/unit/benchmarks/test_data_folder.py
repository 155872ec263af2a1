from pathlib import Path

from benchmarks.data_folder import PROJECT, data_folder


def test_the_environment_names_the_folder():
    assert data_folder({"WINNOW_DATA": "/some/where"}) == Path("/some/where")


def test_without_a_name_it_is_shared_data_beside_the_checkout():
    assert (PROJECT / "pyproject.toml").is_file()
    assert data_folder({}) == data_folder({"WINNOW_DATA": ""}) == (PROJECT.parent / "shared" / "data").resolve()
