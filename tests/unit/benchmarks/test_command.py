import subprocess
import sys

import pytest

from benchmarks import command


def test_the_peak_memory_of_a_command_is_in_bytes(monkeypatch, tmp_path):
    script = tmp_path / "script.py"
    script.write_text("data = bytearray(200_000_000)\n")
    monkeypatch.setattr(command, "WINNOW", sys.executable)
    # Wide above: a child of a large process counts that one's memory too.
    assert 200e6 < command.winnow(script).peak_bytes < 20e9


def test_a_command_that_fails_is_an_error(monkeypatch, tmp_path):
    script = tmp_path / "script.py"
    script.write_text("raise SystemExit(3)")
    monkeypatch.setattr(command, "WINNOW", sys.executable)
    with pytest.raises(subprocess.CalledProcessError) as caught:
        command.winnow(script)
    assert caught.value.returncode == 3
