"""Our own command line, run as a user runs it."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

WINNOW = str(Path(sys.executable).with_name("winnow"))
BYTES_OF_MAXRSS = 1 if sys.platform == "darwin" else 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What a finished command took.

    Attributes:
        peak_bytes: largest resident memory of the process, or of one that it waited for.
    """

    peak_bytes: int


def winnow(*arguments: str | Path) -> Usage:
    """Run `winnow ...` with its output shown.

    Raises:
        subprocess.CalledProcessError: if it fails.
    """
    process = subprocess.Popen([WINNOW, *map(str, arguments)])
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, process.args)
    return Usage(peak_bytes=usage.ru_maxrss * BYTES_OF_MAXRSS)
