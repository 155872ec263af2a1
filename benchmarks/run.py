"""Run benchmarks, print one table, merge it by name into one file. See `make bench` and `make bench-quality`."""

import argparse
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

import benchmarks
from benchmarks.benchmark import Benchmark, chosen, discover
from benchmarks.data_folder import data_folder
from benchmarks.inputs import Inputs
from benchmarks.refused import RefusedError
from benchmarks.report import merge, stored, table
from benchmarks.result import Result
from winnow.ops.writable_file import check_writable
from winnow.schema.errors import WinnowError

HERE = Path(__file__).parent
REFUSED = 2


def main(arguments: Sequence[str]) -> int:
    """Exit code 0; 1 when something fails; 2 when the request is wrong or something is below its bar.

    What was measured is printed and written, however it ends.
    """
    options = parser().parse_args(arguments)
    try:
        check_writable(options.json)
        stored(options.json)
        benches = chosen(discover(benchmarks.__path__), quality=options.quality, only=options.only)
    except (RefusedError, WinnowError) as error:
        sys.stderr.write(f"{error}\n")
        return REFUSED
    results: list[Result] = []
    code = measure(benches, Inputs(data=options.data, cache=HERE / ".cache", given=options.bundle), results)
    if results:
        Console().print(table(results))
        merge(results, options.json)
    return code


def parser() -> argparse.ArgumentParser:
    """The options, with their help."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.run", description=__doc__)
    options.add_argument("--only", metavar="GROUP", help="run one group, such as serve")
    options.add_argument("--quality", action="store_true", help="run the long ones, which train")
    options.add_argument(
        "--data", type=Path, default=data_folder(), help="holds retail-demo-store; WINNOW_DATA by default"
    )
    options.add_argument("--bundle", type=Path, help="bundle to measure; one is trained and kept by default")
    options.add_argument("--json", type=Path, default=HERE / "results.json", help="file to write; its other rows stay")
    return options


def measure(benches: Sequence[Benchmark], inputs: Inputs, results: list[Result]) -> int:
    """Appends what each benchmark finds, in order, and returns the exit code.

    One that is refused says why, and the next is measured all the same; a command that fails ends it.
    """
    code = 0
    for bench in benches:
        try:
            for result in bench.results(inputs):
                results.append(result)  # noqa: PERF402 - those before a refusal stay
        except (RefusedError, WinnowError) as error:
            sys.stderr.write(f"{error}\n")
            code = REFUSED
        except subprocess.CalledProcessError as error:
            sys.stderr.write(f"{error}\n")
            return 1
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
