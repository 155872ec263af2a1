"""`winnow feast`: features of users in a feature store that others read and write too."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from winnow.cli.bundle import BundlePath
from winnow.cli.data import SchemaPath
from winnow.cli.printing import console, notes

feast_app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="markdown",
    help="""Keep features of users in a Feast repository, and read them from it.

Nothing is declared twice: the views follow from the schema in the bundle.

1. `winnow feast init REPO` writes REPO/feature_store.yaml: DuckDB and files, and online SQLite or Redis; or for AWS.

2. `winnow feast apply BUNDLE --repo REPO` writes the rows of the data set, and registers the views.

3. `winnow feast materialize --repo REPO` copies the newest rows to the online store.

4. `winnow feast check BUNDLE --repo REPO` compares all of it with the data set, and exits with 1 where it differs.

Then `WINNOW_FEAST=REPO winnow serve BUNDLE` reads what is known of users there, once a request, and
`winnow worker --features BUNDLE` tells it what users did lately. For example:

    winnow feast init features/
    winnow feast apply bundles/shop --repo features/
    winnow feast materialize --repo features/
    WINNOW_FEAST=features/ winnow serve bundles/shop""",
)

RepoPath = Annotated[Path, typer.Option("--repo", envvar="WINNOW_FEAST", help="Folder of the Feast repository.")]
DataOption = Annotated[
    Path | None, typer.Option("--data", help="The data set, where it is now; where training read it by default.")
]


@feast_app.command("init")
def feast_init(
    repo: Annotated[Path, typer.Argument(help="Folder of the Feast repository.")],
    *,
    target: Annotated[
        Literal["local", "aws"],
        typer.Option(help="local: DuckDB and files. aws: Athena and S3; variables of the environment say where."),
    ] = "local",
    redis: Annotated[
        str, typer.Option(help="host:port of a Redis or Valkey that is asked online, instead of a SQLite file.")
    ] = "",
) -> None:
    """Write a feature_store.yaml, which is yours to change.

    Example: `winnow feast init features/`

    Example: `winnow feast init features/ --redis localhost:6379`
    """
    from winnow.ops.feast_jobs import init_feast

    console.print(f"Wrote {init_feast(repo, target, redis)}.", soft_wrap=True)


@feast_app.command("apply")
def feast_apply(bundle: BundlePath, *, repo: RepoPath, data: DataOption = None, schema: SchemaPath = None) -> None:
    """Write what the data set says of users and items, and register the views with Feast.

    Example: `winnow feast apply bundles/shop --repo features/`
    """
    from winnow.ops.feast_jobs import FeastSource, apply_feast
    from winnow.ops.progress_bars import progress_bars

    with progress_bars(notes) as progress:
        written = apply_feast(repo, FeastSource(bundle=bundle, data=data, schema=schema), progress)
    for name, rows in written.items():
        console.print(f"{name:<32} {rows:>10,} rows", markup=False, highlight=False)
    console.print(f"Next: winnow feast materialize --repo {repo}", soft_wrap=True)


@feast_app.command("materialize")
def feast_materialize(repo: RepoPath) -> None:
    """Copy the newest rows to the online store, where requests read them.

    Example: `winnow feast materialize --repo features/`
    """
    from winnow.ops.feast_jobs import materialize_feast

    with console.status("Filling the online store"):
        materialize_feast(repo)
    console.print(f"The online store of {repo} is filled.", soft_wrap=True)


@feast_app.command("check")
def feast_check(
    bundle: BundlePath,
    *,
    repo: RepoPath,
    data: DataOption = None,
    schema: SchemaPath = None,
    users: Annotated[int, typer.Option(min=0, help="Most users to ask for online.")] = 1_000,
    rows: Annotated[int, typer.Option(min=0, help="Most events to join as of their instants.")] = 100_000,
) -> None:
    """Compare what Feast says with the data set, value by value and row by row; exit with 1 where it differs.

    Example: `winnow feast check bundles/shop --repo features/ --users 100`
    """
    from winnow.ops.feast_check import check_feast
    from winnow.ops.feast_jobs import FeastSource
    from winnow.ops.progress_bars import progress_bars

    source = FeastSource(bundle=bundle, data=data, schema=schema)
    with progress_bars(notes) as progress:
        report = check_feast(repo, source, users=users, rows=rows, progress=progress)
    for line in report.lines():
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    if report.differences:
        raise typer.Exit(1)
