"""Run benchmarks, print one table, merge it by name into one file. See `make bench` and `make bench-quality`."""

import argparse
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

import benchmarks
from benchmarks.benchmark import chosen, discover
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
    """Exit code 0; 1 when something fails; 2 when the request is wrong or the bundle is below its bar."""
    options = parser().parse_args(arguments)
    try:
        check_writable(options.json)
        stored(options.json)
        results = measured(options)
        Console().print(table(results))
        merge(results, options.json)
    except (RefusedError, WinnowError) as error:
        sys.stderr.write(f"{error}\n")
        return REFUSED
    except subprocess.CalledProcessError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def parser() -> argparse.ArgumentParser:
    """The options, with their help."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.run", description=__doc__)
    options.add_argument("--only", metavar="GROUP", help="run one group, such as pipeline")
    options.add_argument("--quality", action="store_true", help="run the long ones, which train")
    options.add_argument(
        "--data", type=Path, default=data_folder(), help="holds retail-demo-store; WINNOW_DATA by default"
    )
    options.add_argument("--bundle", type=Path, help="bundle to measure; one is trained and kept by default")
    options.add_argument("--json", type=Path, default=HERE / "results.json", help="file to write; its other rows stay")
    return options


def measured(options: argparse.Namespace) -> list[Result]:
    """The results of the chosen benchmarks, in order."""
    inputs = Inputs(data=options.data, cache=HERE / ".cache", given=options.bundle)
    benches = chosen(discover(benchmarks.__path__), quality=options.quality, only=options.only)
    return [result for each in benches for result in each.results(inputs)]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
