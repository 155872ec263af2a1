"""Runs a load in a process of its own: `python -m winnow.ops.load.run_load < plan.json`."""

import asyncio
import subprocess
import sys
from dataclasses import asdict

import orjson

from winnow.ops.load.load_plan import LoadPlan
from winnow.ops.load.load_result import LoadResult
from winnow.ops.load.load_run import LoadRun
from winnow.schema.errors import Unavailable, WinnowError


def run_load(plan: LoadPlan) -> LoadResult:
    """What became of the load; this process waits, and costs nothing meanwhile.

    Raises:
        Unavailable: the service does not answer, or the process that makes the load has failed.
    """
    command = [sys.executable, "-m", "winnow.ops.load.run_load"]
    asked = orjson.dumps(asdict(plan))
    made = subprocess.run(command, input=asked, capture_output=True, check=False)  # noqa: S603 - our own program
    if made.returncode:
        said = made.stderr.decode(errors="replace").strip()
        raise Unavailable(said or f"The process that makes the load ended with code {made.returncode}.")
    return LoadResult.from_dict(orjson.loads(made.stdout))


def made_here(plan: LoadPlan) -> LoadResult:
    """What became of the load, made by this process. Raises as `LoadRun` does."""
    if sys.platform == "win32":
        return asyncio.run(LoadRun(plan).result())
    import uvloop  # noqa: PLC0415 - there is none for Windows

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(LoadRun(plan).result())


def main() -> None:
    """Reads a plan, and writes its result."""
    values = orjson.loads(sys.stdin.buffer.read())
    try:
        plan = LoadPlan(**{**values, "bodies": tuple(values["bodies"])})
        sys.stdout.buffer.write(orjson.dumps(made_here(plan).to_dict()))
    except WinnowError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(1)


if __name__ == "__main__":
    main()
