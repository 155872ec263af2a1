"""`winnow bench`: measure what a service holds on this machine."""

import json
from pathlib import Path
from typing import Annotated

import typer

from winnow.cli.bundle import BundlePath
from winnow.cli.printing import console

bench_app = typer.Typer(
    no_args_is_help=True,
    help="""Measure what a service holds on this machine.

Example: `winnow bench serve bundles/shop --target-p99 25ms`""",
)


@bench_app.callback()
def bench() -> None:
    """Keeps `serve` a word of its own, while it is the only one."""


@bench_app.command("serve")
def bench_serve(
    bundle: BundlePath,
    *,
    target_p99: Annotated[
        str, typer.Option(help="Within which 99 of 100 requests are to be over, such as 25ms or 0.1s.")
    ] = "25ms",
    seconds: Annotated[float, typer.Option(min=0.1, help="Of each load; longer is steadier.")] = 3.0,
    workers: Annotated[
        int | None,
        typer.Option(min=1, help="Most workers to try; all cores where WINNOW_VALKEY_URL names a server, else 1."),
    ] = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write what was measured to this file.")] = None,
) -> None:
    """Find the most requests a second that a service holds, and what to choose for it.

    A service of its own is started on a free port for each setting: the share of the recipe's candidates that is
    retrieved and ranked (1, 1/2, 1/4), the number of workers, and for 20,000 to 200,000 items the kind of index.
    Visitors of the bundle ask it for 10 items each. Their requests begin when they are due, whether or not those before
    are answered, and are timed from then; a rate is held when 99 of 100 are over within the target, none fails and no
    answer lacks a stage.

    The table says for each setting the highest rate held, and how much of the answers stays: the mean share of the
    first 10 items that the recipe's own setting shows, too. `*` marks the settings that no other beats. What is
    proposed keeps at least nine items in ten.

    Several workers share their state on a server: name one in WINNOW_VALKEY_URL that no service uses, since a measured
    service takes part in all that its workers are told there. One worker is measured with embedded state.

    Example: `winnow bench serve bundle --target-p99 25ms --json capacity.json`, half a minute for each row.
    """
    import os

    from winnow.ops.load.capacity_plan import CapacityPlan
    from winnow.ops.load.duration import milliseconds
    from winnow.ops.load.measure_capacity import measure_capacity
    from winnow.ops.progress_bars import progress_bars
    from winnow.ops.writable_file import check_writable
    from winnow.serving.settings.settings import read_settings

    if json_file is not None:
        check_writable(json_file)
    server = read_settings().valkey_url
    most = workers or ((os.cpu_count() or 1) if server else 1)
    plan = CapacityPlan(target_p99_ms=milliseconds(target_p99), workers=most, valkey_url=server, seconds=seconds)
    with progress_bars(console) as progress:
        report = measure_capacity(bundle, plan, progress)
    for line in report.lines():
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    if json_file is not None:
        json_file.write_text(json.dumps(report.to_dict(), indent=1) + "\n", encoding="utf-8")
        console.print(f"Wrote {json_file}.", markup=False, highlight=False)
