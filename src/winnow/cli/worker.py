"""`winnow worker`: from what visitors do to what training reads."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from winnow.cli.printing import console

if TYPE_CHECKING:
    from winnow.serving.settings.settings import Settings

worker_app = typer.Typer(
    invoke_without_command=True,
    rich_markup_mode="markdown",
    help="""Write what visitors do to Parquet, day by day, for the next training.

Events come from the server that the services share (WINNOW_VALKEY_URL), or without one from the state folder of a
single service (WINNOW_STATE), which may be running. They go to `FOLDER/day=2026-11-26/part-*.parquet`, by the UTC day
on which they happened, each once, whenever the worker is killed. From a server it also counts what is in demand.

`winnow data import DATA --events FOLDER --out NEW` takes them into a data set.

Example: `WINNOW_STATE=state winnow worker --events events/`""",
)

EventsPath = Annotated[Path | None, typer.Option("--events", help="Folder of the event log; WINNOW_EVENTS by default.")]


@worker_app.callback()
def worker(
    context: typer.Context,
    *,
    events: EventsPath = None,
    flush_s: Annotated[
        float, typer.Option(min=0.1, help="Seconds after which what came is written; there is a file for each.")
    ] = 60.0,
    half_life_days: Annotated[
        float, typer.Option(min=0.01, help="After which an event weighs half in demand; the one of the recipe.")
    ] = 7.0,
    features: Annotated[
        Path | None,
        typer.Option(
            help="Bundle whose window features are told to the Feast repository WINNOW_FEAST, of everybody who did "
            "something; needs a server."
        ),
    ] = None,
    once: Annotated[bool, typer.Option("--once", help="Write what is there, and end.")] = False,
) -> None:
    """Runs the worker, unless another command of it is given."""
    if context.invoked_subcommand is not None:
        context.obj = events
        return
    from winnow.serving.process.run_worker import WorkerOptions, run_worker

    options = WorkerOptions(flush_s=flush_s, half_life_s=half_life_days * 86_400, once=once, features=features)
    run_worker(worker_settings(events), options, lambda line: console.print(line, markup=False, highlight=False))


@worker_app.command("forget")
def worker_forget(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="A user's id, or session:ID.")],
    *,
    events: EventsPath = None,
) -> None:
    """Remove a visitor from the event log, and from the Feast repository WINNOW_FEAST if there is one.

    A worker may be running. What comes later is kept again.

    Example: `winnow worker forget 42 --events events/`

    Example: `winnow worker forget session:a81 --events events/`
    """
    from winnow.serving.process.run_worker import forget_in_feast, forget_in_log

    settings = worker_settings(events or context.obj)
    if (features := forget_in_feast(settings, name)) is not None:
        online, offline = features
        console.print(f"Removed {online:,} rows of features online, and {offline:,} offline.", highlight=False)
    rows, files = forget_in_log(settings, name)
    console.print(f"Removed {rows:,} rows from {files:,} files.", highlight=False)


def worker_settings(events: Path | None) -> "Settings":
    """Those of the environment, with another folder of the event log if one is given; the log is opened."""
    from winnow.serving.process.begin_process import begin_process

    return begin_process(options={} if events is None else {"events": events})
