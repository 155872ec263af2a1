"""The command line: train, evaluate, recommend, serve, demo. What a command does stands in the room that it calls."""

import os
import signal
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated, Literal, NoReturn

import typer

from winnow.cli.ask import recommend, similar
from winnow.cli.bench import bench_app
from winnow.cli.bundle import BundlePath, bundle_app
from winnow.cli.check import check
from winnow.cli.client import client_app
from winnow.cli.data import Force, SchemaPath, data_app
from winnow.cli.demo import demo
from winnow.cli.feast import feast_app
from winnow.cli.finetune import finetune
from winnow.cli.keys import keys_app
from winnow.cli.missing_package import remedy
from winnow.cli.printing import console, notes, print_found, print_lines, print_manifest, print_problems
from winnow.cli.state import state_app
from winnow.cli.ui import ui
from winnow.cli.worker import worker_app
from winnow.schema.errors import SettingsError, WinnowError

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    help="""Winnow: a multistage recommender. `winnow demo` shows all of it; `winnow train` makes it yours.

For example:

    winnow data check my-shop/
    winnow train --recipe retail --data my-shop/ --out bundles/shop
    winnow evaluate bundles/shop
    winnow serve bundles/shop

`--help` behind a command explains it, with an example.""",
)
app.add_typer(data_app, name="data")
app.add_typer(bundle_app, name="bundle")
app.add_typer(worker_app, name="worker")
app.add_typer(feast_app, name="feast")
app.add_typer(state_app, name="state")
app.add_typer(keys_app, name="keys")
app.add_typer(client_app, name="client")
app.add_typer(bench_app, name="bench")

DataPath = Annotated[
    Path,
    typer.Option(
        "--data",
        help="Folder of a data set: one with a schema.yaml, or the Retail Demo Store layout; or a file of sequences, "
        "one line a user: user item item item ...",
    ),
]

AllowLeaks = Annotated[
    bool, typer.Option("--allow-leaks", help="Go on where something leaks; the report's tables then say so.")
]


@app.command()
def train(
    *,
    data: DataPath,
    out: Annotated[Path, typer.Option(help="Exactly the folder that the bundle becomes.")],
    recipe: Annotated[
        str,
        typer.Option(
            help="tiny, demo, retail, multimodal, sequential, sequential_refit, or your own as "
            "path/to/file.py:function."
        ),
    ] = "retail",
    text_encoder: Annotated[
        str | None,
        typer.Option(
            help="Who reads words, instead of whom the recipe names: embedded, sentence-bert or clip; "
            "a model's id or folder may follow behind a colon."
        ),
    ] = None,
    image_encoder: Annotated[str | None, typer.Option(help="Who reads pictures: embedded or clip, likewise.")] = None,
    vectors: Annotated[
        Path | None,
        typer.Option(
            help="File that keeps what encoders made, for the next training; vectors.arrow beside the bundle "
            "by default."
        ),
    ] = None,
    checkpoint: Annotated[
        Path | None,
        typer.Option(
            help="Folder that keeps, after every epoch of retrieval, where training stands. Was it cut, give the very "
            "same command again: it goes on from there, and the bundle is the same as if nothing had happened. Emptied "
            "once the bundle is written. By default nothing is kept."
        ),
    ] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="Of all randomness, instead of the recipe's.")] = None,
    schema: SchemaPath = None,
    allow_leaks: AllowLeaks = False,
    force: Force = False,
) -> None:
    """Look for leaks, train retrieval and ranking, and write a verified bundle.

    Example: `winnow train --recipe retail --data my-shop/ --out bundles/shop`

    Example: `winnow train --data my-shop/ --out bundles/shop --checkpoint kept/`
    """
    from winnow.bundle.bundle import ATTACHMENTS
    from winnow.bundle.writer import check_target
    from winnow.data.open_dataset import open_dataset
    from winnow.ops.leak_check import check_leaks
    from winnow.ops.progress_bars import progress_bars
    from winnow.ops.train import PROBLEMS
    from winnow.ops.train import train as run
    from winnow.ops.train_files import TrainFiles
    from winnow.recipes.recipes import load_recipe

    config = load_recipe(recipe)
    given = {name: spec for name, spec in (("text", text_encoder), ("image", image_encoder)) if spec is not None}
    config = replace(config, encoders=replace(config.encoders, **given), seed=config.seed if seed is None else seed)
    check_target(out, force=force)
    with progress_bars(console) as progress:
        dataset = open_dataset(data, schema, progress)
        print_lines(dataset.report)
        print_found(check_leaks(dataset, config.split(dataset), progress, allow=allow_leaks))
        files = TrainFiles(vectors=vectors, checkpoint_folder=checkpoint)
        bundle = run(dataset, config, out, progress, files=files, force=force)
    print_problems(bundle.attachment(PROBLEMS) or [], bundle.path / ATTACHMENTS / f"{PROBLEMS}.json")
    print_manifest(bundle.manifest)
    console.print(f"Next: winnow evaluate {out}, winnow serve {out}")


@app.command()
def evaluate(
    bundle: BundlePath,
    *,
    data: Annotated[
        Path | None, typer.Option("--data", help="The training data, where it is now; the recorded place by default.")
    ] = None,
    seen: Annotated[
        Literal["masked", "kept", "both"] | None,
        typer.Option(
            help="masked: items of the history are left out; kept: they count; both. By default both, and masked where "
            "the protocol is leave-one-out."
        ),
    ] = None,
    protocol: Annotated[
        Literal["time", "leave-one-out"] | None,
        typer.Option(help="What is asked for; a bundle answers the one that it was trained for, which is the default."),
    ] = None,
    schema: SchemaPath = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write the rows of the report to this file.")] = None,
    allow_leaks: AllowLeaks = False,
) -> None:
    """Rank everything for every held-out user through the pipeline that serves, beside simple baselines.

    Example: `winnow evaluate bundles/shop`

    Example: `winnow evaluate bundles/shop --seen kept --json rows.json`
    """
    from winnow.evaluation.report_text import report_text
    from winnow.ops.evaluate import check_bundle_protocol, evaluate_bundle
    from winnow.ops.progress_bars import progress_bars

    if protocol is not None:
        check_bundle_protocol(bundle, protocol)
    with progress_bars(console) as progress:
        modes = ("masked", "kept") if seen == "both" else seen and (seen,)
        report = evaluate_bundle(
            bundle, modes, progress, data=data, schema=schema, rows_file=json_file, allow_leaks=allow_leaks
        )
    console.print(report_text(report), markup=False, highlight=False, soft_wrap=True)
    if json_file is not None:
        console.print(f"Wrote {json_file}.")


@app.command()
def serve(
    bundle: Annotated[
        Path | None,
        typer.Argument(help="Folder of a bundle, or of a registry: a folder of bundles of which one was promoted."),
    ] = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on; 127.0.0.1 by default.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 8080 by default.")] = None,
    workers: Annotated[
        int | None, typer.Option(help="Processes that answer, 1 by default; more share a Valkey server.")
    ] = None,
    settings_file: Annotated[
        Path | None, typer.Option("--settings", help="YAML file of settings; WINNOW_SETTINGS by default.")
    ] = None,
    check_only: Annotated[
        bool, typer.Option("--check", help="Print all settings, look whether a service could start, and end.")
    ] = False,
) -> None:
    """Answer over HTTP. Keys, address and limits also come from the environment: WINNOW_API_KEYS and others.

    Example: `WINNOW_STATE=state winnow serve bundles/shop --port 8080`

    Example: `winnow serve --check bundles/shop`
    """
    told = {"host": host, "port": port, "workers": workers}
    given = {name: value for name, value in told.items() if value is not None}
    if check_only:
        check(bundle, settings_file, given)
        return
    if bundle is None:
        raise SettingsError("No bundle is named; give its folder, as in `winnow serve bundles/mine`.")
    from winnow.serving.process.begin_process import begin_process
    from winnow.serving.process.listening import open_socket
    from winnow.serving.process.supervisor import supervise

    settings = begin_process(settings_file, given)
    if settings.seat is None and settings.workers > 1:
        command = [sys.executable, "-m", "winnow.cli.main", "serve", str(bundle), "--host", settings.host]
        command += [] if settings_file is None else ["--settings", str(settings_file)]
        signum = supervise(command, settings, lambda told: console.print(f"{told}, {settings.workers} workers"))
        sys.exit(0 if signum == signal.SIGINT else 128 + signum)

    from winnow.bundle.registry import Registry
    from winnow.engine.open_engine import open_engine
    from winnow.engine.open_outside import feast_users
    from winnow.engine.state_home import StateHome
    from winnow.serving import serve as service
    from winnow.serving.engines.bundle_shelf import BundleShelf

    if settings.seat is None:
        open_socket(settings).close()  # a port that is taken is told before a large bundle is opened
    tell = console.print if settings.seat is None else settings.seat.take
    with StateHome(folder=settings.state, url=settings.valkey_url) as home:
        registry, users, shelf = Registry.at(bundle), feast_users(settings.feast), None
        share = settings.retrieval_share
        opened = partial(open_engine, open_live=home.open, open_users=users, retrieval_share=share)
        if registry is not None:
            chosen_at, name = registry.chosen_at(), registry.current()
            shelf = BundleShelf(registry=registry, first=name, chosen_at=chosen_at, open=opened)
            bundle = registry.path_of(name)
        with console.status(f"Opening {bundle}"):
            engine = opened(bundle)
        service.serve(
            engine, settings, lambda url: tell(f"{engine.name}: {len(engine.catalogue)} items on {url}"), shelf
        )


for command in (demo, finetune, recommend, similar, ui):
    app.command()(command)


def main() -> None:
    """Runs the command line; what a user can mend is one sentence on the error stream, never a traceback."""
    # Torch's threads spin while they wait for one another. Without it a quiet machine trains a third slower; as long as
    # they like, and beside another busy process the wait costs many times the work. So some microseconds.
    if "OMP_WAIT_POLICY" not in os.environ:
        os.environ.setdefault("GOMP_SPINCOUNT", "1000")
    # A job that is told to stop cleans up behind itself, as it does for Ctrl-C; the server sets its own handler.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        app()
    except WinnowError as error:
        _stop(str(error))
    except OSError as error:
        if error.filename is None:
            raise
        _stop(f"{error.filename} cannot be used: {error.strerror}. Name another place.")
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith("winnow"):
            raise
        _stop(f"This command needs the package '{error.name}': {remedy(error.name)}.")


def _stop(sentence: str) -> NoReturn:
    notes.print(sentence, style="red", markup=False, highlight=False, soft_wrap=True)
    sys.exit(1)


if __name__ == "__main__":
    main()
